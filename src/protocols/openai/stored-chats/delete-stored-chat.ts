import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { completionParams, toId } from './stored-chat.ts';

export const deleteStoredChat = endpoint({
  method: 'DELETE',
  path: '/v1/chat/completions/:id',
  permission: 'use',
  summary: 'Delete a stored completion',
  tag: 'Chat',
  params: completionParams,
  response: z.object({ id: z.string(), object: z.literal('chat.completion.deleted'), deleted: z.literal(true) }),
  verb: 'deleteStoredChat',
  toCore: (_body, { params }) => ({ id: toId(params.id) }),
  fromCore: (_nothing, _body, { params }) => ({ id: params.id, object: 'chat.completion.deleted', deleted: true }),
});
