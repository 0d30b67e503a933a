import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { conversationParams } from './conversation.ts';

export const deleteConversation = endpoint({
  method: 'DELETE',
  path: '/v1/conversations/:id',
  permission: 'use',
  summary: 'Delete a conversation with its items',
  tag: 'Conversations',
  params: conversationParams,
  response: z.object({ id: z.string(), object: z.literal('conversation.deleted'), deleted: z.literal(true) }),
  verb: 'deleteConversation',
  toCore: (_body, { params }) => params,
  fromCore: (_nothing, _body, { params }) => ({ id: params.id, object: 'conversation.deleted', deleted: true }),
});
