import { collect } from '../../../core/chat/answer.ts';
import { endpoint } from '../../../core/endpoint.ts';
import { completionAnswer, presentCompletion } from './answer.ts';
import { completionRequest, promptOf, toCompletionCall } from './request.ts';
import { completionStream } from './stream.ts';

export const createCompletion = endpoint({
  method: 'POST',
  path: '/v1/completions',
  permission: 'use',
  summary: 'Let a model go on from a prompt',
  tag: 'Chat',
  deprecated: true,
  body: completionRequest,
  response: completionAnswer,
  verb: 'chat',
  job: { kind: 'call' },
  stream: completionStream,
  toCore: (body, { bytes }) => toCompletionCall(body, bytes),
  fromCore: (parts, body) => presentCompletion(collect(parts), body.echo ? promptOf(body) : ''),
});
