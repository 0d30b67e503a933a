import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { includeQuery, presentItems } from '../responses/item-page.ts';
import { itemList } from '../responses/schemas.ts';
import { toNewItems } from '../responses/to-core.ts';
import { conversationParams, newItems } from './conversation.ts';

export const addConversationItems = endpoint({
  method: 'POST',
  path: '/v1/conversations/:id/items',
  permission: 'use',
  summary: 'Add items at the end of a conversation',
  tag: 'Conversations',
  largeBody: true,
  params: conversationParams,
  query: includeQuery,
  body: z.strictObject({ items: newItems.min(1) }),
  response: itemList,
  verb: 'addConversationItems',
  toCore: (body, { params }) => ({ id: params.id, items: toNewItems(body.items) }),
  fromCore: (items, _body, { query }) => presentItems(items, query),
});
