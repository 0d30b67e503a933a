import { z } from 'zod';
import type { Operation } from '../../../core/endpoint.ts';
import type { ResponseView } from '../../../core/response.ts';
import { includeQuery, includesOf } from './item-page.ts';
import { shownItems } from './response-object.ts';
import { responseSchema } from './schemas.ts';

export const responseParams = z.object({ id: z.string() });

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Answered by a route: with `stream` it is events, and one that is not finished says when to ask again. */
export const getResponse = {
  method: 'GET',
  path: '/v1/responses/:id',
  permission: 'use',
  tag: 'Responses',
  summary: 'A stored response as it is now, or its events from the first',
  params: responseParams,
  query: includeQuery.extend({
    stream: flag.default(false).describe('Its events, live: only of a response in the background with `stream`.'),
    starting_after: z.coerce.number().int().nonnegative().optional().describe('The events behind this one.'),
    include_obfuscation: z.string().optional().describe('Inert.'),
  }),
  response: responseSchema,
} satisfies Operation;

/** It was stored as it was presented, but for its output. */
export function presentView({ response, output }: ResponseView, query: z.output<typeof includeQuery>) {
  return { ...response, output: shownItems(output, includesOf(query)) } as z.input<typeof responseSchema>;
}
