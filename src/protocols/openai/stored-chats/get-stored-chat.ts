import { endpoint } from '../../../core/endpoint.ts';
import { chatCompletion } from '../chat/answer-schema.ts';
import { completionParams, presentStoredChat, toId } from './stored-chat.ts';

export const getStoredChat = endpoint({
  method: 'GET',
  path: '/v1/chat/completions/:id',
  permission: 'use',
  summary: 'Get a stored completion',
  tag: 'Chat',
  params: completionParams,
  response: chatCompletion,
  verb: 'getStoredChat',
  toCore: (_body, { params }) => ({ id: toId(params.id) }),
  fromCore: presentStoredChat,
});
