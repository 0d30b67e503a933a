import { endpoint } from '../../../core/endpoint.ts';
import { includeQuery, includesOf, inFull } from '../responses/item-page.ts';
import { shownItem } from '../responses/response-object.ts';
import { itemSchema } from '../responses/schemas.ts';
import { itemParams } from './conversation.ts';

export const getConversationItem = endpoint({
  method: 'GET',
  path: '/v1/conversations/:id/items/:item_id',
  permission: 'use',
  summary: 'An item of a conversation',
  tag: 'Conversations',
  params: itemParams,
  query: includeQuery,
  response: itemSchema,
  verb: 'getConversationItem',
  toCore: (_body, { params }) => ({ id: params.id, itemId: params.item_id }),
  fromCore: (item, _body, { query }) => inFull(shownItem(item, includesOf(query))),
});
