import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { assertThat } from '../../../core/errors.ts';
import { presentMessages, storedMessage } from './message.ts';
import { cursor, pageOf, toPage } from './page.ts';
import { completionParams, toId } from './stored-chat.ts';

export const listMessages = endpoint({
  method: 'GET',
  path: '/v1/chat/completions/:id/messages',
  permission: 'use',
  summary: 'List the messages that a stored completion answers',
  tag: 'Chat',
  params: completionParams,
  query: z.looseObject(cursor),
  response: pageOf(storedMessage),
  verb: 'getStoredChat',
  toCore: (_body, { params }) => ({ id: toId(params.id) }),
  fromCore: ({ id, messages }, _body, { query }) => {
    const all = presentMessages(id, messages);
    if (query.order === 'desc') all.reverse();
    const from = query.after === undefined ? 0 : all.findIndex((message) => message.id === query.after) + 1;
    assertThat(
      from > 0 || query.after === undefined,
      'not_found',
      `There is no message '${query.after}' to go on from.`,
      {
        param: 'after',
      },
    );
    return toPage(all.slice(from, from + query.limit), all.length > from + query.limit);
  },
});
