import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { presentUsage, usageSchema } from '../../openai/usage.ts';
import { presentHit, searchHit } from './hit.ts';
import { searchFields, toSearch } from './search-fields.ts';

export const search = endpoint({
  method: 'POST',
  path: '/v1/search',
  permission: 'use',
  summary: 'Find chunks by meaning, by words or by both',
  tag: 'Search',
  body: z.looseObject({
    query: z.string().nullish().describe('What to look for.'),
    prompt: z.string().nullish().describe('Deprecated: another name of query.'),
    ...searchFields,
  }),
  response: z.object({ object: z.literal('list'), data: z.array(searchHit), usage: usageSchema }),
  verb: 'search',
  job: { kind: 'call' },
  toCore: (body) => ({ query: body.query ?? body.prompt ?? '', ...toSearch(body) }),
  fromCore: ({ hits, usage, bill }) => ({
    object: 'list',
    data: hits.map(presentHit),
    usage: presentUsage(usage, bill),
  }),
});
