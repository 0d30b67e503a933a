import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, JobEvent } from '../../../src/core/job.ts';
import { disabledEvent, testEvent, webhookEventsOf } from '../../../src/core/webhooks/events.ts';
import { buildJob, completedJob } from '../../helpers/jobs.ts';
import { buildWebhookEndpoint } from '../../helpers/webhooks.ts';

const body = '01k00000000000000000000000000';

function line(type: JobEvent['type'], sequence = 3, data: Record<string, unknown> = {}): JobEvent {
  return { jobId: `job_${body}`, sequence, type, createdAt: 1_763_700_002_000, data };
}

function through(operation: string, job: Job): Job {
  return { ...job, request: { ...job.request, operation } };
}

test('the end of a job is told with where its result is, under an id without dots', () => {
  const job = completedJob({ metadata: { team: 'a' } });
  assert.deepEqual(webhookEventsOf(job, line('job.completed'), null), [
    {
      id: `evt_${body}_3_job`,
      ownerId: 7,
      type: 'job.completed',
      createdAt: 1_763_700_002_000,
      data: {
        id: job.id,
        object: 'job',
        sequence_number: 3,
        status: 'completed',
        endpoint: '/v1/embeddings',
        model: 'm',
        retried_from: null,
        result_url: `/v1/jobs/${job.id}/result`,
        metadata: { team: 'a' },
      },
      jobId: job.id,
      sequence: 3,
    },
  ]);
});

test('a failure is told with its code and sentence', () => {
  const error = { code: 'upstream_timeout', message: 'No answer in time.', param: null, retryable: true } as const;
  const [event] = webhookEventsOf(buildJob({ status: 'failed', error }), line('job.failed'), null);
  assert.deepEqual(event?.data['error'], { code: 'upstream_timeout', message: 'No answer in time.' });
  assert.equal(event?.data['result_url'], undefined);
});

test('what happened before is told as it was then, though the job has ended since', () => {
  const job = completedJob();
  const progress = { percent: 50, stage: 'extract', completed: 1, total: 2, message: null };
  const told = [line('job.queued', 1), line('job.started', 2), line('job.progress', 3, progress)].flatMap((each) =>
    webhookEventsOf(job, each, null),
  );
  assert.deepEqual(
    told.map(({ type, data }) => [type, data['status'], data['progress'], data['result_url']]),
    [
      ['job.queued', 'queued', undefined, undefined],
      ['job.started', 'in_progress', undefined, undefined],
      ['job.progress', 'in_progress', progress, undefined],
    ],
  );
});

for (const type of ['job.output', 'job.attempt_failed', 'job.cancelling'] as const) {
  test(`nothing is told of ${type}`, () => {
    assert.deepEqual(webhookEventsOf(buildJob({ status: 'in_progress' }), line(type), null), []);
  });
}

const ends: [operation: string, status: Job['status'], answer: unknown, type: string][] = [
  ['POST /v1/responses', 'completed', { status: 'completed' }, 'response.completed'],
  ['POST /v1/responses', 'completed', { status: 'incomplete' }, 'response.incomplete'],
  ['POST /v1/responses', 'completed', { status: 'failed' }, 'response.failed'],
  ['POST /v1/responses', 'failed', null, 'response.failed'],
  ['POST /v1/responses', 'expired', null, 'response.failed'],
  ['POST /v1/responses', 'cancelled', null, 'response.cancelled'],
  ['POST /v1/batches', 'completed', null, 'batch.completed'],
  ['POST /v1/batches', 'failed', null, 'batch.failed'],
  ['POST /v1/batches', 'cancelled', null, 'batch.cancelled'],
  ['POST /v1/batches', 'expired', null, 'batch.expired'],
];
for (const [operation, status, answer, type] of ends) {
  test(`a job of ${operation} that ended ${status}, saying ${JSON.stringify(answer)}, is ${type} too`, () => {
    const job = through(operation, status === 'completed' ? completedJob() : buildJob({ status }));
    const [ours, theirs, ...rest] = webhookEventsOf(job, line(`job.${status}` as JobEvent['type']), answer);
    assert.deepEqual(rest, []);
    assert.equal(ours?.type, `job.${status}`);
    assert.equal(theirs?.type, type);
    assert.deepEqual(theirs?.data, { id: `${operation === 'POST /v1/batches' ? 'batch' : 'resp'}_${body}` });
    assert.notEqual(ours?.id, theirs?.id);
  });
}

test('before its end a response is told of in the words of jobs only', () => {
  const job = through('POST /v1/responses', buildJob({ status: 'in_progress' }));
  assert.deepEqual(
    webhookEventsOf(job, line('job.started'), null).map(({ type }) => type),
    ['job.started'],
  );
});

test('a test and a disabling are told of the endpoint, each under an id of its own', () => {
  const endpoint = buildWebhookEndpoint();
  const told = [testEvent(endpoint, 'a', 1), testEvent(endpoint, 'b', 1), disabledEvent(endpoint, 'gone', 1)];
  assert.equal(new Set(told.map(({ id }) => id)).size, 3);
  assert.deepEqual(
    told.map(({ type, data }) => [type, data['id'], data['disabled_reason']]),
    [
      ['endpoint.test', endpoint.id, undefined],
      ['endpoint.test', endpoint.id, undefined],
      ['endpoint.disabled', endpoint.id, 'gone'],
    ],
  );
});
