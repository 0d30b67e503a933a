import { endpoint } from '../../../core/endpoint.ts';
import { conversationParams, conversationSchema, presentConversation } from './conversation.ts';

export const getConversation = endpoint({
  method: 'GET',
  path: '/v1/conversations/:id',
  permission: 'use',
  summary: 'A conversation, without its items',
  tag: 'Conversations',
  params: conversationParams,
  response: conversationSchema,
  verb: 'getConversation',
  toCore: (_body, { params }) => params,
  fromCore: presentConversation,
});
