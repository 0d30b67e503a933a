import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureInText } from '../../../../src/adapters/providers/openai-like/failure.ts';

const failureIn = (text: string) => failureInText(Buffer.from(text).toString('latin1'), 'a-key');
const limit = '{"code":"rate_limit_exceeded","message":"Slow down."}';

describe('a failure with status 200', () => {
  const forms: Record<string, string> = {
    'a frame': `data: {"error":${limit}}\n\n`,
    'a frame without a space': `data:{"error":${limit}}\n\n`,
    'a frame with spaces': `data: { "error" : ${limit} }\n\n`,
    'a frame that ends as on Windows': `event: error\r\ndata: {"error":${limit}}\r\n\r\n`,
    'a frame with choices': `data: {"id":"1","choices":[{"delta":{},"finish_reason":"error"}],"error":${limit}}\n\n`,
    'a frame of older vLLM': 'data: {"object":"error","message":"Slow down.","code":429}\n\n',
    'a frame of Gemini': 'data: [{"error":{"code":429,"message":"Slow down."}}]\n\n',
    'a frame named error': `event: error\ndata: ${limit}\n\n`,
    'an error of Responses': 'data: {"type":"error","code":"rate_limit_exceeded","message":"x","param":null}\n\n',
    'a failed response': `event: response.failed\ndata: {"type":"response.failed","response":{"error":${limit}}}\n\n`,
    'a failed response that its event alone names': `event: response.failed\ndata: {"response":{"error":${limit}}}\n\n`,
    'a whole answer': `{"error":${limit}}`,
    'a whole response': `\n{"object":"response","status":"failed","error":${limit}}`,
  };
  for (const [what, text] of Object.entries(forms)) {
    it(`is read in ${what}`, () => assert.equal(failureIn(text)?.code, 'rate_limit_exceeded'));
  }

  it('is upstream_error where it says no more', () => {
    for (const text of [
      'event: error\ndata: oh no\n\n',
      'data: {"error":"x"}\n\n',
      'data: {"type":"response.failed"}\n\n',
    ]) {
      assert.equal(failureIn(text)?.code, 'upstream_error');
    }
  });

  it('names a conversation that is too long, without the key', () => {
    const error = { code: 'context_length_exceeded', message: 'Too long for a-key.' };
    const failure = failureIn(`data: ${JSON.stringify({ error })}\n\n`);
    assert.equal(failure?.code, 'context_length_exceeded');
    assert.equal(failure?.publicMessage, 'Too long for ***.');
  });

  it('is none where a model only speaks of errors', () => {
    for (const text of [
      'data: {"choices":[{"delta":{"content":"event: error\\n{\\"error\\":{}} response.failed"}}],"error":null}\n\n',
      'event: response.completed\ndata: {"type":"response.completed","response":{"error":null}}\n\n',
      'data: {"type":"response.created","response":{"error":null,"metadata":{"type":"response.failed","error":"x"}}}\n\n',
      '{"choices":[{"message":{"content":"error"}}]}',
      ': an error in a comment\n\n',
      'data: [DONE]\n\n',
    ]) {
      assert.equal(failureIn(text), null, text);
    }
  });
});
