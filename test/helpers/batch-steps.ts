import assert from 'node:assert/strict';
import type { Job, JobRun } from '../../src/core/job.ts';
import type { TestApp, TestCaller } from './app.ts';
import { storeFile } from './batches.ts';
import { buildCall } from './calls.ts';

/** A batch whose steps the test takes by itself, where no worker is there: accepted and begun. */
export async function acceptBatch(
  app: TestApp,
  user: TestCaller,
  lines: readonly string[],
  [path, body]: readonly [path: string, body: object],
): Promise<JobRun> {
  const input_file_id = await storeFile(app, user, lines);
  const { id: jobId } = await user.json<{ id: string }>('POST', path, {
    body: { input_file_id, ...body },
    headers: { prefer: 'respond-async' },
  });
  const run = await app.verbs.beginJob({ jobId, ownerId: user.userId }, buildCall());
  assert.ok(run);
  return run;
}

/** The same, and inspected. */
export async function beginBatch(...of: Parameters<typeof acceptBatch>): Promise<JobRun> {
  const run = await acceptBatch(...of);
  const [app] = of;
  await app.verbs.inspectBatch(run, buildCall());
  return run;
}

export const ofChats = ['/v1/batches', { endpoint: '/v1/chat/completions', completion_window: '24h' }] as const;

export const ofEmbeddings = [ofChats[0], { ...ofChats[1], endpoint: '/v1/embeddings' }] as const;

export const ofResponses = [ofChats[0], { ...ofChats[1], endpoint: '/v1/responses' }] as const;

export async function jobOf(app: TestApp, { ownerId, jobId }: JobRun): Promise<Job> {
  const job = await app.deps.jobs.find(ownerId, jobId);
  assert.ok(job);
  return job;
}
