import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { createVerbs } from '../../../src/activities/index.ts';
import { isTerminal, type Job } from '../../../src/core/job.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { askedFor, chatLine, linesIn, storeFile } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { chatCompletion } from '../../helpers/wire/openai.ts';

const model = 'batched';
const hour = 3_600_000;
const names = ['quick-1', 'quick-2', 'slow'];

interface Line {
  custom_id: string;
  error: { code: string } | null;
}

describe('a batch that its workflow cannot end', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let user: TestCaller;
  let connection: Connection;
  let jobId: string;

  before(async () => {
    upstream = await startFakeUpstream((asked) =>
      askedFor(asked) === 'slow' ? 'silence' : chatCompletion({ text: ['done'] }),
    );
    // Nobody sweeps but the test.
    app = await startTestApp({ workers: true, config: { logLevel: 'silent', jobs: { sweepIntervalMs: 99 * hour } } });
    await offerModel(app, { name: model, url: upstream.url });
    connection = await Connection.connect({ address: app.deps.config.temporal.address });
    user = await app.signUp();
  });
  after(async () => {
    await connection.close();
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    const lines = names.map((name) => chatLine(name, model));
    const body = {
      input_file_id: await storeFile(app, user, lines),
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    };
    const { id } = await user.json<{ id: string }>('POST', '/v1/batches', { body });
    jobId = id.replace('batch_', 'job_');
    await waitFor('two answers', async () => (await app.deps.batches.linesDone(user.userId, jobId, 0)).size === 2);
  });

  /** The verbs as of a process that looks in later. */
  function verbsIn(afterMs: number): Verbs {
    return createVerbs({ ...app.deps, clock: { now: () => Date.now() + afterMs } });
  }

  async function read(): Promise<Job> {
    const job = await app.deps.jobs.find(user.userId, jobId);
    assert.ok(job);
    return job;
  }

  const workflow = () => new Client({ connection }).workflow.getHandle(`job:${jobId}`);

  async function endedAfter(afterMs: number): Promise<Job> {
    await workflow().terminate('by the test');
    await verbsIn(afterMs).reconcileJobs({ cursor: null }, buildCall());
    await waitFor('the end of the batch', async () => isTerminal((await read()).status));
    return read();
  }

  /** Custom ids of the output, and of the errors with why. */
  async function filesOf({ batch }: Job) {
    const output = await linesIn<Line>(app, user, batch?.outputFileId);
    const errors = await linesIn<Line>(app, user, batch?.errorFileId);
    return [output.map((line) => line.custom_id), errors.map((line) => [line.custom_id, line.error?.code])];
  }

  it('is left to it past the deadline, with all that was answered', async () => {
    await verbsIn(25 * hour).dispatchJobs({ olderThanMs: 99 * hour }, buildCall());
    assert.equal((await read()).status, 'in_progress');
    assert.equal((await app.deps.batches.linesDone(user.userId, jobId, 0)).size, 2);
    await workflow().cancel();
    await waitFor('the end of the batch', async () => isTerminal((await read()).status));
  });

  it('because an operator has terminated that keeps what was answered', async () => {
    const job = await endedAfter(hour);
    assert.equal(job.status, 'failed');
    assert.match(job.error?.message ?? '', /terminated by an operator/);
    assert.deepEqual(await filesOf(job), [['quick-1', 'quick-2'], [['slow', 'batch_failed']]]);
    await waitFor('its rows to go', async () => (await app.deps.batches.countShards(user.userId, jobId)) === 0);
  });

  it('and is past its deadline then is expired', async () => {
    const job = await endedAfter(25 * hour);
    assert.deepEqual([job.status, job.error?.code], ['expired', 'deadline_exceeded']);
    assert.deepEqual(await filesOf(job), [['quick-1', 'quick-2'], [['slow', 'batch_expired']]]);
  });
});
