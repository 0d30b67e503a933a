import type { Dialect } from '../core/endpoint.ts';
import { jobs } from './jobs/index.ts';
import { openai } from './openai/index.ts';
import { opengate } from './opengate/index.ts';
import { webhooks } from './webhooks/index.ts';

/** The public APIs, most specific first: the first that owns a path renders its errors. */
export const dialects: readonly Dialect[] = [jobs, webhooks, opengate, openai];
