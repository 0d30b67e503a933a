import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobResult } from '../../../src/core/job.ts';
import { maxResultBytes, maxThinBytes, renderMessage } from '../../../src/core/webhooks/message.ts';
import { buildWebhookEvent } from '../../helpers/webhooks.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);
const jobId = 'job_1';
const result_url = '/v1/jobs/job_1/result';

function resultOf(body: unknown): JobResult {
  return { statusCode: 200, headers: {}, body, bodyBlob: null };
}

/** A result that is so many bytes as JSON. */
function resultOfBytes(bytes: number): JobResult {
  const empty = bytesOf('{"status_code":200,"headers":{},"body":""}');
  return resultOf('x'.repeat(bytes - empty));
}

function dataOf(text: string): Record<string, unknown> {
  return (JSON.parse(text) as { data: Record<string, unknown> }).data;
}

test('a message names its event, its type and when it happened', () => {
  const event = buildWebhookEvent({ data: { id: 'job_1' } });
  assert.deepEqual(JSON.parse(renderMessage(event, null)), {
    id: event.id,
    object: 'event',
    type: 'job.completed',
    created_at: 1_763_700_002,
    timestamp: '2025-11-21T04:40:02.000Z',
    data: { id: 'job_1' },
  });
});

test('a full message brings the result', () => {
  const text = renderMessage(buildWebhookEvent({ jobId, data: { id: jobId, result_url } }), resultOf({ ok: true }));
  assert.deepEqual(dataOf(text), {
    id: 'job_1',
    result_url,
    result: { status_code: 200, headers: {}, body: { ok: true } },
  });
});

test('a result of 256 KiB is brought, and one byte more is left where it is', () => {
  const event = buildWebhookEvent({ jobId, data: { id: jobId, result_url } });
  assert.ok('result' in dataOf(renderMessage(event, resultOfBytes(maxResultBytes))));
  assert.deepEqual(dataOf(renderMessage(event, resultOfBytes(maxResultBytes + 1))), { id: 'job_1', result_url });
});

test('a result that is stored as a blob is left where it is', () => {
  const bodyBlob = { id: 'b', bytes: 9, sha256: '00', mediaType: 'application/json', name: null };
  const event = buildWebhookEvent({ jobId, data: { id: jobId, result_url } });
  const stored = { statusCode: 200, headers: {}, body: null, bodyBlob };
  assert.deepEqual(dataOf(renderMessage(event, stored)), { id: 'job_1', result_url });
});

test('a full message in the words of another door brings the result as well', () => {
  const event = buildWebhookEvent({ jobId, type: 'response.completed', data: { id: 'resp_1' } });
  const result = { status_code: 200, headers: {}, body: { ok: true } };
  assert.deepEqual(dataOf(renderMessage(event, resultOf({ ok: true }))), { id: 'resp_1', result_url, result });
  assert.deepEqual(dataOf(renderMessage(event, resultOfBytes(maxResultBytes + 1))), { id: 'resp_1', result_url });
});

test('a thin message in the words of another door is its id alone', () => {
  const event = buildWebhookEvent({ jobId, type: 'response.completed', data: { id: 'resp_1' } });
  assert.deepEqual(dataOf(renderMessage(event, null)), { id: 'resp_1' });
});

test('a full message about what came before the end brings no result', () => {
  const event = buildWebhookEvent({ jobId, type: 'job.started', data: { id: jobId } });
  assert.deepEqual(dataOf(renderMessage(event, resultOf({ ok: true }))), { id: jobId });
});

test('a thin message has at most 4 KiB: what does not fit is left out by name, labels first', () => {
  const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label${index}`, '€'.repeat(512)]));
  const error = { code: 'upstream_error', message: 'short' };
  const text = renderMessage(buildWebhookEvent({ data: { id: 'job_1', error, metadata } }), null);
  assert.ok(bytesOf(text) <= maxThinBytes);
  assert.deepEqual(dataOf(text), { id: 'job_1', error, omitted: ['metadata'] });
});

test('a thin message of 4 KiB is whole, and one byte more is not', () => {
  const build = (length: number) =>
    buildWebhookEvent({ id: 'evt_1', data: { id: 'job_1', metadata: 'x'.repeat(length) } });
  const room = maxThinBytes - bytesOf(renderMessage(build(0), null));
  assert.equal(bytesOf(renderMessage(build(room), null)), maxThinBytes);
  assert.ok('metadata' in dataOf(renderMessage(build(room), null)));
  assert.deepEqual(dataOf(renderMessage(build(room + 1), null)), { id: 'job_1', omitted: ['metadata'] });
});

test('halves of pairs and NUL reach the receiver as they are', () => {
  const metadata = { a: '\ud800', b: '\u0000', c: '😀' };
  const text = renderMessage(buildWebhookEvent({ data: { metadata } }), null);
  assert.deepEqual(dataOf(Buffer.from(text).toString())['metadata'], metadata);
});
