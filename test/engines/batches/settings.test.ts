import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createVerbs } from '../../../src/activities/index.ts';
import type { JobRun } from '../../../src/core/job.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { acceptBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { chatLine, linesIn, storeFile } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';

const textsPerCall = 8;

describe('a batch that runs while settings are changed', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ config: { batches: { textsPerCall } } });
    user = await app.signUp();
  });
  after(() => app.stop());

  /** The steps as a worker takes them that was started with another setting. */
  function verbsWith(changed: number): Verbs {
    const { config } = app.deps;
    return createVerbs({ ...app.deps, config: { ...config, batches: { ...config.batches, textsPerCall: changed } } });
  }

  /** No worker is there: the test takes the steps. */
  async function begin(lines: number): Promise<JobRun> {
    const texts = Array.from({ length: lines }, (_none, index) => JSON.stringify(`text ${index}`));
    const input_file_id = await storeFile(app, user, texts, 'user_data');
    const { id: jobId } = await user.json<{ id: string }>('POST', '/v1/embeddings/batches', {
      body: { input_file_id, model: 'all-minilm-l6-v2' },
      headers: { prefer: 'respond-async' },
    });
    const run = await app.verbs.beginJob({ jobId, ownerId: user.userId }, buildCall());
    assert.ok(run);
    return run;
  }

  /** Takes the step until something has been kept, as a worker that dies then. */
  async function runPart(run: JobRun): Promise<void> {
    const dying = new AbortController();
    const call = buildCall({ signal: dying.signal, progress: () => dying.abort() });
    await assert.rejects(app.verbs.runShard({ ...run, shard: 0 }, call));
  }

  async function outputOf(jobId: string): Promise<number[]> {
    const job = await app.deps.jobs.find(user.userId, jobId);
    const output = await linesIn<{ line: number }>(app, user, job?.batch?.outputFileId);
    return output.map(({ line }) => line);
  }

  /** A worker that was started with limits that no line would pass. */
  function verbsOfNarrowLimits(): Verbs {
    const { config } = app.deps;
    const http = { ...config.http, maxInferenceBodyBytes: 1, maxJsonDepth: 0, maxJsonNodes: 0 };
    return createVerbs({ ...app.deps, config: { ...config, http, batches: { ...config.batches, maxTextBytes: 1 } } });
  }

  it('is embedded to its end, if its lines would be refused now', async () => {
    const run = await begin(40);
    await app.verbs.inspectBatch(run, buildCall());
    const verbs = verbsOfNarrowLimits();
    await verbs.runShard({ ...run, shard: 0 }, buildCall());
    await verbs.finishBatch(run, buildCall());
    assert.deepEqual(await outputOf(run.jobId), numbersTo(40));
  });

  it('is refused, if its lines are looked at for the first time now', async () => {
    const verbs = verbsOfNarrowLimits();
    await assert.rejects(verbs.inspectBatch(await begin(1), buildCall()), { code: 'invalid_request' });
  });

  for (const kind of ['texts', 'chats'] as const) {
    it(`keeps what was answered of ${kind}, if its lines would be refused when it is closed`, async () => {
      const run =
        kind === 'texts'
          ? await begin(40)
          : await acceptBatch(
              app,
              user,
              numbersTo(40).map((number) => chatLine(`line-${number}`, 'any')),
              ofChats,
            );
      await app.verbs.inspectBatch(run, buildCall());
      if (kind === 'texts') await runPart(run);
      const { size } = await app.deps.batches.linesDone(user.userId, run.jobId, 0);
      await verbsOfNarrowLimits().closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
      const { batch } = await jobOf(app, run);
      const kept = await linesIn(app, user, batch?.outputFileId);
      const refused = await linesIn(app, user, batch?.errorFileId);
      const perCall = kind === 'texts' ? textsPerCall : 1;
      assert.deepEqual([kept.length, refused.length], [size * perCall, 40 - size * perCall]);
    });
  }

  const numbersTo = (last: number) => Array.from({ length: last }, (_none, index) => index + 1);

  it('has one line of output for each text, if the next try makes smaller calls or larger ones', async () => {
    for (const changed of [3, 12]) {
      const run = await begin(40);
      await app.verbs.inspectBatch(run, buildCall());
      await runPart(run);
      const kept = await app.deps.batches.linesDone(user.userId, run.jobId, 0);
      assert.ok(kept.size > 0 && kept.size < 40 / textsPerCall, `${kept.size} calls were kept`);
      const verbs = verbsWith(changed);
      await verbs.runShard({ ...run, shard: 0 }, buildCall());
      await verbs.finishBatch(run, buildCall());
      assert.deepEqual(await outputOf(run.jobId), numbersTo(40));
    }
  });

  it('has each text in one of its files, if it is closed by a worker of the other setting', async () => {
    const run = await begin(40);
    await app.verbs.inspectBatch(run, buildCall());
    await runPart(run);
    await verbsWith(3).closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
    const job = await app.deps.jobs.find(user.userId, run.jobId);
    const refused = await linesIn<{ line: number }>(app, user, job?.batch?.errorFileId);
    const all = [...(await outputOf(run.jobId)), ...refused.map(({ line }) => line)];
    assert.deepEqual(
      all.toSorted((one, other) => one - other),
      numbersTo(40),
    );
  });

  it('has the shards it had, if it is inspected again', async () => {
    const run = await begin(100);
    const first = await app.verbs.inspectBatch(run, buildCall());
    assert.deepEqual(await verbsWith(1).inspectBatch(run, buildCall()), first);
    assert.equal(await app.deps.batches.countShards(user.userId, run.jobId), first.shards);
  });
});
