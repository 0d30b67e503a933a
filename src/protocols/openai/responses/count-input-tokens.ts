import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { responseRequest } from './request.ts';
import { toRespondCall } from './to-core.ts';

export const countInputTokens = endpoint({
  method: 'POST',
  path: '/v1/responses/input_tokens',
  permission: 'use',
  summary: 'Estimate how many tokens a request would be',
  tag: 'Responses',
  largeBody: true,
  body: responseRequest,
  response: z.object({ object: z.literal('response.input_tokens'), input_tokens: z.int() }),
  verb: 'countInputTokens',
  toCore: (body) => toRespondCall(body, null),
  fromCore: ({ tokens }) => ({ object: 'response.input_tokens', input_tokens: tokens }),
});
