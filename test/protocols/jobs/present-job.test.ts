import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalStatuses } from '../../../src/core/job.ts';
import { presentJob, presentJobInList } from '../../../src/protocols/jobs/present-job.ts';
import { buildJob, completedJob } from '../../helpers/jobs.ts';

test('a job that has just been accepted has no times but that of its creation', () => {
  assert.deepEqual(presentJob(buildJob({ metadata: { team: 'a' }, idempotencyKey: 'k' })), {
    id: 'job_01k00000000000000000000000000',
    object: 'job',
    endpoint: '/v1/embeddings',
    type: 'embedding',
    model: 'm',
    status: 'queued',
    created_at: 1_763_700_000,
    queued_at: 1_763_700_000,
    started_at: null,
    completed_at: null,
    failed_at: null,
    cancelled_at: null,
    expired_at: null,
    cancel_requested_at: null,
    deadline_at: null,
    expires_at: null,
    progress: null,
    attempts: 0,
    max_attempts: 5,
    last_error: null,
    result: null,
    result_file_id: null,
    result_url: null,
    result_bytes: null,
    result_sha256: null,
    error: null,
    metadata: { team: 'a' },
    idempotency_key: 'k',
    request_id: 'req_1',
    request_counts: null,
    webhook: null,
    retried_from: null,
    last_sequence_number: 1,
    links: {
      self: '/v1/jobs/job_01k00000000000000000000000000',
      events: '/v1/jobs/job_01k00000000000000000000000000/events',
      cancel: '/v1/jobs/job_01k00000000000000000000000000/cancel',
      result: '/v1/jobs/job_01k00000000000000000000000000/result',
    },
  });
});

for (const status of terminalStatuses) {
  test(`a job that is ${status} has its end under that word only`, () => {
    const { completed_at, failed_at, cancelled_at, expired_at } = presentJob(
      buildJob({ status, completedAt: 1_763_700_009_999 }),
    );
    const ends = { completed: completed_at, failed: failed_at, cancelled: cancelled_at, expired: expired_at };
    assert.deepEqual(
      Object.entries(ends).filter(([, time]) => time !== null),
      [[status, 1_763_700_009]],
    );
  });
}

test('a small result is part of the job', () => {
  const { result, result_url, result_file_id } = presentJob(completedJob());
  assert.deepEqual(result, { status_code: 200, headers: { 'content-type': 'application/json' }, body: { ok: true } });
  assert.deepEqual([result_url, result_file_id], [`/v1/jobs/${completedJob().id}/result`, null]);
});

test('a large result is pointed at', () => {
  const bodyBlob = { id: 'b', bytes: 300_000, sha256: 'ab', mediaType: 'application/json', name: null };
  const job = presentJob(completedJob({ result: { statusCode: 200, headers: {}, body: null, bodyBlob } }));
  assert.deepEqual([job.result, job.result_file_id, job.result_bytes, job.result_sha256], [null, 'b', 300_000, 'ab']);
});

test('a result that has been deleted is neither', () => {
  const { result, result_url } = presentJob(completedJob({ resultDeleted: true }));
  assert.deepEqual([result, result_url], [null, null]);
});

test('in a list a result is pointed at, whatever its size', () => {
  const { result, result_url } = presentJobInList(completedJob());
  assert.deepEqual([result, result_url], [null, `/v1/jobs/${completedJob().id}/result`]);
});

test('a failure says its type and whether a retry can help', () => {
  const error = { code: 'upstream_timeout', message: 'Too slow.', param: null, retryable: true } as const;
  assert.deepEqual(presentJob(buildJob({ status: 'failed', error })).error, { type: 'timeout_error', ...error });
});

const types: [operation: string, type: string][] = [
  ['POST /v1/embeddings', 'embedding'],
  ['POST /v1/chat/completions', 'chat.completion'],
  ['POST /v1/documents', 'document'],
  ['POST /v1/audio/transcriptions', 'audio.transcription'],
  ['POST /v1/search', 'search'],
];

for (const [operation, type] of types) {
  test(`${operation} makes a job of type ${type}`, () => {
    assert.equal(presentJob(buildJob({ request: { ...buildJob().request, operation } })).type, type);
  });
}
