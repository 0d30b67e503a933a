import { endpoint } from '../../../core/endpoint.ts';
import { conversationSchema, itemParams, presentConversation } from './conversation.ts';

export const deleteConversationItem = endpoint({
  method: 'DELETE',
  path: '/v1/conversations/:id/items/:item_id',
  permission: 'use',
  summary: 'Delete an item of a conversation',
  tag: 'Conversations',
  params: itemParams,
  response: conversationSchema,
  verb: 'deleteConversationItem',
  toCore: (_body, { params }) => ({ id: params.id, itemId: params.item_id }),
  fromCore: presentConversation,
});
