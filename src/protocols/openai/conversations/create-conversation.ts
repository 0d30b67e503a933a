import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { labels } from '../labels.ts';
import { toNewItems } from '../responses/to-core.ts';
import { conversationSchema, newItems, presentConversation } from './conversation.ts';

export const createConversation = endpoint({
  method: 'POST',
  path: '/v1/conversations',
  permission: 'use',
  summary: 'Begin a conversation',
  tag: 'Conversations',
  largeBody: true,
  body: z.strictObject({ items: newItems.nullish(), metadata: labels.nullish() }).optional(),
  response: conversationSchema,
  verb: 'createConversation',
  toCore: (body) => ({ items: toNewItems(body?.items ?? []), metadata: body?.metadata ?? {} }),
  fromCore: presentConversation,
});
