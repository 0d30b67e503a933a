import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TerminalStatus } from '../../../src/core/job.ts';
import {
  allEvents,
  endOfJob,
  eventPatterns,
  isRetried,
  isShownEnd,
  takes,
  webhookEventTypes,
} from '../../../src/core/webhooks/filter.ts';

const cases: [filter: string[], taken: string[]][] = [
  [['job.completed'], ['job.completed']],
  [
    ['job.completed', 'batch.*'],
    ['job.completed', 'batch.completed', 'batch.failed', 'batch.cancelled', 'batch.expired'],
  ],
  [['endpoint.*'], ['endpoint.disabled']],
  [['job.progress'], ['job.progress']],
  [['job.*'], ['job.queued', 'job.started', 'job.completed', 'job.failed', 'job.cancelled', 'job.expired']],
  [[...endOfJob], webhookEventTypes.filter((type) => !/^endpoint\.|\.(queued|started|progress)$/.test(type))],
  [[...allEvents], webhookEventTypes.filter((type) => type !== 'job.progress' && type !== 'endpoint.test')],
];

for (const [filter, taken] of cases) {
  test(`a filter of ${filter.join(', ')} takes ${taken.length} types`, () => {
    assert.deepEqual(
      webhookEventTypes.filter((type) => takes(filter, type)),
      taken,
    );
  });
}

test('every pattern takes something', () => {
  for (const pattern of eventPatterns)
    assert.ok(
      webhookEventTypes.some((type) => takes([pattern], type)),
      pattern,
    );
});

test('only progress is not sent again', () => {
  assert.deepEqual(
    webhookEventTypes.filter((type) => !isRetried(type)),
    ['job.progress'],
  );
});

const shown: [filter: string[], status: TerminalStatus, shown: string[]][] = [
  [[...endOfJob], 'completed', ['job.completed']],
  [['*'], 'completed', ['job.completed']],
  [['job.*', 'response.*'], 'failed', ['job.failed']],
  [['response.*'], 'completed', ['response.completed']],
  [['job.failed', 'response.*'], 'completed', ['response.completed']],
];
for (const [filter, status, types] of shown) {
  test(`a job that is ${status} shows the way of ${types} to a URL that takes ${filter}`, () => {
    const sent = ['job.queued', 'job.started', `job.${status}`, `response.${status}`].filter((type) =>
      takes(filter, type),
    );
    assert.deepEqual(
      sent.filter((type) => isShownEnd(filter, status, type)),
      types,
    );
  });
}
