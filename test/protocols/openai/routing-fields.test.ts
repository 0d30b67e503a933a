import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatRequestSchema } from '../../../src/protocols/openai/chat/request-schema.ts';
import { toChatCall } from '../../../src/protocols/openai/chat/to-core.ts';
import { completionRequest, toCompletionCall } from '../../../src/protocols/openai/completions/request.ts';

const bytes = new TextEncoder().encode('{}');
const messages = [{ role: 'user', content: 'x' }];
const callsWith = (fields: object) => [
  toChatCall(chatRequestSchema.parse({ model: 'm', messages, ...fields }), bytes),
  toCompletionCall(completionRequest.parse({ model: 'm', prompt: 'x', ...fields }), bytes),
];

describe('a request with fields of its upstream', () => {
  it('is passed on with those that nobody knows here', () => {
    for (const { wire } of callsWith({ top_k: 3, chat_template_kwargs: {} })) assert.equal(wire?.bytes, bytes);
  });

  for (const field of ['models', 'fallbacks', 'route', 'plugins', 'provider', 'transforms', 'api_base', 'model_list']) {
    it(`is never passed on with \`${field}\`, which is told to be ignored`, () => {
      for (const { wire, request } of callsWith({ [field]: ['x'] })) {
        assert.equal(wire, null);
        assert.deepEqual(request.unknownFields, [field]);
      }
    });
  }
});
