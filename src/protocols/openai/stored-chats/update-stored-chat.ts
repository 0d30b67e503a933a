import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { chatCompletion } from '../chat/answer-schema.ts';
import { labels } from '../labels.ts';
import { completionParams, presentStoredChat, toId } from './stored-chat.ts';

export const updateStoredChat = endpoint({
  method: 'POST',
  path: '/v1/chat/completions/:id',
  permission: 'use',
  summary: 'Change the metadata of a stored completion',
  tag: 'Chat',
  params: completionParams,
  body: z.strictObject({ metadata: labels.nullable().describe('In place of those there were; null for none.') }),
  response: chatCompletion,
  verb: 'relabelStoredChat',
  toCore: ({ metadata }, { params }) => ({ id: toId(params.id), metadata: metadata ?? {} }),
  fromCore: presentStoredChat,
});
