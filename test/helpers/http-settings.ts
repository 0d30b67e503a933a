import type { HttpSettings } from '../../src/adapters/http/client.ts';
import { parseConfig } from '../../src/config.ts';

/** What an installation has that says nothing else. */
export const defaultHttpSettings: HttpSettings = parseConfig({}).upstreams;
