import { endpoint } from '../../../core/endpoint.ts';
import { pageQuery, presentItemList, toItemPage } from '../responses/item-page.ts';
import { itemList } from '../responses/schemas.ts';
import { conversationParams } from './conversation.ts';

export const listConversationItems = endpoint({
  method: 'GET',
  path: '/v1/conversations/:id/items',
  permission: 'use',
  summary: 'The items of a conversation',
  tag: 'Conversations',
  params: conversationParams,
  query: pageQuery,
  response: itemList,
  verb: 'listConversationItems',
  toCore: (_body, { params, query }) => ({ id: params.id, ...toItemPage(query) }),
  fromCore: (list, _body, { query }) => presentItemList(list, query),
});
