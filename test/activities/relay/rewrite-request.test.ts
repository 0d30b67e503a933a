import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteRequest } from '../../../src/activities/relay/rewrite-request.ts';

function rewritten(json: string, stream: { hidesUsage: boolean } | null = null): string {
  const wire = { dialect: 'openai-chat' as const, stream: stream !== null, hidesUsage: stream?.hidesUsage ?? false };
  return Buffer.from(rewriteRequest({ ...wire, bytes: Buffer.from(json) }, 'up/stream')).toString();
}

test('the upstream’s name of the model takes the place of the caller’s, and nothing else changes', () => {
  assert.equal(
    rewritten('{ "model" : "fast", "temperature": 1.0, "x_unknown": [1e2, "model"] }'),
    '{ "model" : "up/stream", "temperature": 1.0, "x_unknown": [1e2, "model"] }',
  );
});

test('a model that is named twice is the same twice', () => {
  assert.equal(rewritten('{"model":"a","mod\\u0065l":"b"}'), '{"model":"up/stream","mod\\u0065l":"up/stream"}');
});

test('a stream whose caller does not ask for the usage asks for it', () => {
  assert.equal(
    rewritten('{"model":"a","stream":true}', { hidesUsage: true }),
    '{"stream_options":{"include_usage":true},"model":"up/stream","stream":true}',
  );
});

test('options of the stream are kept when usage is added to them', () => {
  assert.equal(
    rewritten('{"stream_options":{"include_obfuscation":false},"model":"a"}', { hidesUsage: true }),
    '{"stream_options":{"include_obfuscation":false,"include_usage":true},"model":"up/stream"}',
  );
});

test('a stream whose caller asks for the usage is left alone', () => {
  const body = '{"stream_options":{"include_usage":true},"model":"up/stream"}';
  assert.equal(rewritten(body, { hidesUsage: false }), body);
});
