import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { nestBrackets } from '../../jobs/nest-brackets.ts';
import { chatCompletion } from '../chat/answer-schema.ts';
import { labels } from '../labels.ts';
import { cursor, pageOf, toPage } from './page.ts';
import { presentStoredChat, toId } from './stored-chat.ts';

const filters = z.looseObject({
  model: z.string().min(1).optional().describe('The name that the request used.'),
  metadata: labels.optional().describe('Written as `metadata[key]=value`; all pairs must match.'),
  ...cursor,
});

export const listStoredChats = endpoint({
  method: 'GET',
  path: '/v1/chat/completions',
  permission: 'use',
  summary: 'List the stored completions',
  tag: 'Chat',
  query: z.preprocess(nestBrackets, filters),
  response: pageOf(chatCompletion),
  verb: 'listStoredChats',
  toCore: (_body, { query }) => ({
    model: query.model ?? null,
    metadata: query.metadata ?? {},
    order: query.order,
    after: query.after === undefined ? null : toId(query.after),
    limit: query.limit,
  }),
  fromCore: ({ chats, hasMore }) => toPage(chats.map(presentStoredChat), hasMore),
});
