import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { upstreamFailure } from '../../../src/adapters/http/upstream-failure.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { judge } from '../../../src/core/routing/failure.ts';

const codes: Record<number, ErrorCode> = {
  301: 'upstream_error',
  400: 'upstream_rejected',
  401: 'upstream_auth_error',
  402: 'upstream_error',
  403: 'upstream_auth_error',
  404: 'upstream_error',
  408: 'upstream_timeout',
  409: 'rate_limit_exceeded',
  413: 'upstream_rejected',
  422: 'upstream_rejected',
  429: 'rate_limit_exceeded',
  500: 'upstream_error',
  502: 'upstream_error',
  503: 'overloaded',
  504: 'upstream_timeout',
  520: 'upstream_error',
  529: 'overloaded',
};

describe('the failure of an upstream', () => {
  for (const [status, code] of Object.entries(codes)) {
    it(`is ${code} for status ${status}`, () => {
      assert.equal(upstreamFailure(Number(status), {}, '').code, code);
    });
  }

  const bodies = {
    OpenAI: '{"error":{"message":"Too hot.","type":"invalid_request_error","param":"temperature","code":null}}',
    'vLLM before 0.11': '{"object":"error","message":"Too hot.","param":"temperature","code":400}',
    Gemini: '[{"error":{"code":400,"message":"Too hot.","status":"INVALID_ARGUMENT"}}]',
    Anthropic: '{"type":"error","error":{"type":"invalid_request_error","message":"Too hot."}}',
    TEI: '{"error":"Too hot.","error_type":"Validation"}',
    'FastAPI with a list': '{"detail":[{"loc":["body","temperature"],"msg":"Too hot.","type":"less_than"}]}',
    'FastAPI with a text': '{"detail":"Too hot."}',
  };
  for (const [vendor, body] of Object.entries(bodies)) {
    it(`is told in the words of ${vendor}`, () => {
      const error = upstreamFailure(400, {}, body);
      assert.equal(error.publicMessage, "The model's provider refused the request: Too hot.");
      assert.equal(error.param, body.includes('"param"') ? 'temperature' : null);
    });
  }

  const missing: Record<string, ErrorCode> = {
    '{"error":{"message":"The model `m` does not exist.","param":null,"code":"model_not_found"}}': 'upstream_error',
    '{"error":{"message":"The model `m` does not exist.","param":"model","code":404}}': 'upstream_error',
    '{"detail":"Not Found"}': 'upstream_error',
    '{"error":{"message":"Item \'msg_1\' not found.","param":"input[0].id"}}': 'upstream_rejected',
    '{"error":{"message":"This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?","param":"model"}}':
      'unsupported_value',
    '{"error":{"message":"This is not a chat model and thus not supported in the v1/chat/completions endpoint.","param":"model"}}':
      'unsupported_value',
    '{"error":{"message":"This model is only supported in v1/responses and not in v1/chat/completions.","param":"model"}}':
      'unsupported_value',
  };
  for (const [body, code] of Object.entries(missing)) {
    it(`with status 404 is ${code} for ${body}`, () => {
      assert.equal(upstreamFailure(404, {}, body).code, code);
    });
  }

  it('of a model that another operation is for says nothing of how its provider is', () => {
    const body = '{"error":{"message":"This is a chat model and not supported in the v1/completions endpoint."}}';
    assert.deepEqual(judge(upstreamFailure(404, {}, body)), { verdict: 'well', remedy: 'another-vendor' });
  });

  for (const body of ['', '<html>nginx</html>', '{"error":{}}', '5', 'null', '{"error":{"message":{"a":1}}}']) {
    it(`shows nothing of a body that gives no reason: ${body}`, () => {
      assert.equal(upstreamFailure(400, {}, body).publicMessage, "The model's provider refused the request.");
    });
  }

  it('has one line of at most 500 characters', () => {
    const say = (message: string) => upstreamFailure(400, {}, JSON.stringify({ error: { message } })).publicMessage;
    const prefix = "The model's provider refused the request: ".length;
    assert.equal(say('x'.repeat(500)).length, prefix + 500);
    assert.equal(say('x'.repeat(501)).length, prefix + 500);
    assert.ok(say('two\nlines\u0000').endsWith(': two lines'));
  });

  it('blots out keys', () => {
    const message = 'Key my.own.key of Bearer abc.def, sk-proj-0123456789abcdef0123 is odd';
    const { publicMessage } = upstreamFailure(400, {}, JSON.stringify({ error: { message } }), 'my.own.key');
    for (const secret of ['my.own.key', 'abc.def', 'sk-proj-0123456789abcdef0123']) {
      assert.ok(!publicMessage.includes(secret), publicMessage);
    }
  });

  const tooLong = {
    OpenAI: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    vLLM: 'The decoder prompt (length 9000) is longer than the maximum model length of 8192. Context length exceeded.',
    Anthropic: 'prompt is too long: 210000 tokens > 200000 maximum',
    Gemini: 'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
    Mistral: 'Prompt contains 70000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    Ollama: 'the input length exceeds the context length',
    TEI: 'Input validation error: `inputs` must have less than 512 tokens. Given: 900',
    Cohere: 'too many tokens: size limit exceeded by 12 tokens',
  };
  for (const [vendor, message] of Object.entries(tooLong)) {
    it(`is context_length_exceeded when ${vendor} says so`, () => {
      const error = upstreamFailure(400, {}, JSON.stringify({ error: { message } }));
      assert.equal(error.code, 'context_length_exceeded');
    });
  }

  it('is upstream_auth_error where Gemini does not know the key, and shows nothing of it', () => {
    const message = 'API key not valid. Please pass a valid API key.';
    const error = upstreamFailure(
      400,
      {},
      JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
    );
    assert.equal(error.code, 'upstream_auth_error');
    assert.ok(!error.publicMessage.includes('valid'));
  });

  it('is context_length_exceeded by code', () => {
    const body = '{"error":{"message":"No.","code":"context_length_exceeded"}}';
    assert.equal(upstreamFailure(400, {}, body).code, 'context_length_exceeded');
  });
});
