import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createVerbs } from '../../../src/activities/index.ts';
import type { JobRun } from '../../../src/core/job.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { chatLine, linesIn } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { chatCompletion } from '../../helpers/wire/openai.ts';

const model = 'overtaken';

describe('a step that ends a batch and is overtaken at it', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  before(async () => {
    upstream = await startFakeUpstream(() => chatCompletion({ text: ['done'] }));
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  it('leaves the lines to whoever has the batch then', async () => {
    const user = await app.signUp();
    const run = await beginBatch(app, user, [chatLine('a', model), chatLine('b', model)], ofChats);
    await app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));

    const { jobs } = app.deps;
    let later: JobRun | null = null;
    const noteBatch: typeof jobs.noteBatch = async (...note) => {
      later ??= await app.verbs.beginJob({ ownerId: run.ownerId, jobId: run.jobId }, buildCall());
      await jobs.noteBatch(...note);
    };
    await createVerbs({ ...app.deps, jobs: { ...jobs, noteBatch } }).finishBatch(run, buildCall());
    assert.ok(later);
    assert.equal((await jobOf(app, run)).batch?.finalizingAt, null);

    await app.verbs.finishBatch(later, buildCall());
    const { status, batch } = await jobOf(app, run);
    const lines = await linesIn<{ custom_id: string }>(app, user, batch?.outputFileId ?? null);
    assert.deepEqual([status, lines.map(({ custom_id }) => custom_id)], ['completed', ['a', 'b']]);
  });

  it('is followed by nothing that stays: what is written behind it goes with the record of the job', async () => {
    const user = await app.signUp();
    const run = await beginBatch(app, user, [chatLine('a', model)], ofChats);
    const { ownerId, jobId } = run;
    const shard = await app.deps.batches.findShard(ownerId, jobId, 0);
    await app.verbs.closeBatch({ ownerId, jobId, outcome: 'cancelled', error: null }, buildCall());
    assert.equal(await app.deps.batches.countShards(ownerId, jobId), 0);
    await app.deps.batches.putShards(ownerId, jobId, [shard ?? assert.fail()]);

    const { jobs } = app.deps.config;
    const later = { now: () => Date.now() + jobs.recordRetentionMs + 60_000 };
    await createVerbs({ ...app.deps, clock: later }).purgeExpired({}, buildCall());
    assert.equal(await app.deps.jobs.find(ownerId, jobId), null);
    assert.equal(await app.deps.batches.countShards(ownerId, jobId), 0);
  });

  it('is not ended by who begins it while it is cancelled, and keeps what was answered', async () => {
    const user = await app.signUp();
    const { ownerId, jobId } = await beginBatch(app, user, [chatLine('a', model), chatLine('b', model)], ofChats);
    const begin = (scheduledAt: number) => app.verbs.beginJob({ ownerId, jobId }, buildCall({ scheduledAt }));
    const run = await begin(20);
    assert.ok(run);
    await app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));
    await user.json('POST', `/v1/jobs/${jobId}/cancel`);

    await assert.rejects(begin(10), { code: 'unavailable' });
    assert.equal(await begin(30), null);
    assert.equal((await jobOf(app, run)).status, 'cancelling');
    await app.verbs.closeBatch({ ownerId, jobId, outcome: 'cancelled', error: null }, buildCall());
    const { status, batch } = await jobOf(app, run);
    const lines = await linesIn<{ custom_id: string }>(app, user, batch?.outputFileId ?? null);
    assert.deepEqual([status, lines.map(({ custom_id }) => custom_id)], ['cancelled', ['a', 'b']]);
  });
});
