import { collect } from '../../../core/chat/answer.ts';
import { endpoint } from '../../../core/endpoint.ts';
import { presentAnswer } from './answer.ts';
import { chatCompletion } from './answer-schema.ts';
import { presentationOf } from './presentation.ts';
import { chatRequestSchema } from './request-schema.ts';
import { chatStream } from './stream.ts';
import { toChatCall } from './to-core.ts';

export const createChatCompletion = endpoint({
  method: 'POST',
  path: '/v1/chat/completions',
  permission: 'use',
  summary: 'Let a model answer a conversation',
  tag: 'Chat',
  body: chatRequestSchema,
  response: chatCompletion,
  verb: 'chat',
  job: { kind: 'call' },
  stream: chatStream,
  toCore: (body, { bytes }) => toChatCall(body, bytes),
  fromCore: (parts, body) => presentAnswer(collect(parts), presentationOf(body)),
});
