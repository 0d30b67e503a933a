import { endpoint } from '../../../core/endpoint.ts';
import { responseParams } from './get-response.ts';
import { pageQuery, presentItemList, toItemPage } from './item-page.ts';
import { itemList } from './schemas.ts';

export const listInputItems = endpoint({
  method: 'GET',
  path: '/v1/responses/:id/input_items',
  permission: 'use',
  summary: 'What a stored response was an answer to',
  tag: 'Responses',
  params: responseParams,
  query: pageQuery,
  response: itemList,
  verb: 'listInputItems',
  toCore: (_body, { params, query }) => ({ id: params.id, ...toItemPage(query) }),
  fromCore: (list, _body, { query }) => presentItemList(list, query),
});
