import type { Job } from '../../src/core/job.ts';
import type { presentJob } from '../../src/protocols/jobs/present-job.ts';

/** A job as callers read it. */
export type PresentedJob = ReturnType<typeof presentJob>;

/** A job like any other, but for what the test says. */
export function buildJob(changes: Partial<Job> = {}): Job {
  return {
    id: 'job_01k00000000000000000000000000',
    ownerId: 7,
    kind: 'call',
    request: {
      operation: 'POST /v1/embeddings',
      params: {},
      query: {},
      body: { model: 'm', input: 'a' },
      bodyBlob: null,
      files: {},
    },
    endpoint: '/v1/embeddings',
    model: 'm',
    status: 'queued',
    run: 0,
    lastTryAt: null,
    attempts: 0,
    maxAttempts: 5,
    lastError: null,
    error: null,
    result: null,
    resultDeleted: false,
    progress: null,
    metadata: {},
    idempotencyKey: null,
    requestId: 'req_1',
    keyId: null,
    retriedFrom: null,
    webhook: null,
    lastSequence: 1,
    subject: null,
    batch: null,
    createdAt: 1_763_700_000_000,
    startedAt: null,
    cancelRequestedAt: null,
    completedAt: null,
    deadlineAt: null,
    expiresAt: null,
    updatedAt: 1_763_700_000_000,
    ...changes,
  };
}

export function completedJob(changes: Partial<Job> = {}): Job {
  return buildJob({
    status: 'completed',
    completedAt: 1_763_700_002_000,
    lastSequence: 3,
    result: { statusCode: 200, headers: { 'content-type': 'application/json' }, body: { ok: true }, bodyBlob: null },
    ...changes,
  });
}
