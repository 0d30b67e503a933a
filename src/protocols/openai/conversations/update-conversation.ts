import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { labels } from '../labels.ts';
import { conversationParams, conversationSchema, presentConversation } from './conversation.ts';

export const updateConversation = endpoint({
  method: 'POST',
  path: '/v1/conversations/:id',
  permission: 'use',
  summary: 'Label a conversation anew',
  tag: 'Conversations',
  params: conversationParams,
  body: z.strictObject({ metadata: labels.nullable() }),
  response: conversationSchema,
  verb: 'updateConversation',
  toCore: (body, { params }) => ({ id: params.id, metadata: body.metadata ?? {} }),
  fromCore: presentConversation,
});
