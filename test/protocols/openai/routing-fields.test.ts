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
    const fields = { top_k: 3, chat_template_kwargs: {}, mm_processor_kwargs: { size: { longest_edge: 9 }, fps: [2] } };
    for (const { wire } of callsWith(fields)) assert.equal(wire?.bytes, bytes);
  });

  for (const field of ['models', 'fallbacks', 'route', 'plugins', 'provider', 'transforms', 'api_base', 'model_list']) {
    it(`is never passed on with \`${field}\`, which is told to be ignored`, () => {
      for (const { wire, request } of callsWith({ [field]: ['x'] })) {
        assert.equal(wire, null);
        assert.deepEqual(request.unknownFields, [field]);
      }
    });
  }

  const elsewhere = {
    kv_transfer_params: { remote_host: '10.0.0.1', remote_port: 1 },
    bootstrap_host: '10.0.0.1',
    extra_body: { model: 'y' },
    image_url: 'http://10.0.0.1/',
    baseURL: 'http://10.0.0.1/',
    mm_processor_kwargs: { images: ['http://10.0.0.1/'] },
  };
  for (const [field, value] of Object.entries(elsewhere)) {
    it(`is never passed on with \`${field}\`, by which its upstream would turn elsewhere`, () => {
      for (const { wire, request } of callsWith({ [field]: value })) {
        assert.equal(wire, null);
        assert.deepEqual(request.unknownFields, [field]);
      }
    });
  }

  for (const field of ['Model', 'MODELS', 'ſtream']) {
    it(`is never passed on with \`${field}\`, which some servers read as the field they know`, () => {
      for (const { wire } of callsWith({ [field]: 'x' })) assert.equal(wire, null);
    });
  }
});
