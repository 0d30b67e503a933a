import type { z } from 'zod';
import { parseJson } from '../../http/read-json.ts';
import { malformedAnswer } from '../ask.ts';
import { failureIn } from './failure.ts';

/** The data of one event. Throws the failure that it tells, and `upstream_error` for what is none. */
export function parseEvent<Event>(schema: z.ZodType<Event>, data: string, key: string | null): Event {
  const value = parseJson(data);
  const failure = failureIn(value, key);
  if (failure) throw failure;
  const { data: event, error } = schema.safeParse(value);
  if (error) throw malformedAnswer(error);
  return event;
}
