import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAdmissions } from '../../../src/activities/admissions.ts';
import { createLifecycle, type Lifecycle } from '../../../src/activities/jobs/lifecycle.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import type { JobRef } from '../../../src/core/job.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';

/** So small that every result is stored as a file. */
const config = { jobs: { inlineResultBytes: 16 } };

describe('a job that another try takes over', () => {
  let app: TestApp;
  let lifecycle: Lifecycle;
  before(async () => {
    app = await startTestApp({ config });
    lifecycle = createLifecycle({ ...app.deps, admissions: createAdmissions({}) });
  });
  after(() => app.stop());

  async function accept(id: string): Promise<JobRef> {
    const job = buildJob({ id, ownerId: 1, createdAt: Date.now() });
    await app.deps.jobs.accept(job, null);
    return { ownerId: 1, jobId: id };
  }

  it('is not given to a try that was given up and wakes up as it begins, but to one that comes again', async () => {
    const ref = await accept('job_01k00000000000000000000000000');
    await lifecycle.begin(ref, buildCall({ scheduledAt: 20 }));
    await assert.rejects(lifecycle.begin(ref, buildCall({ scheduledAt: 10 })), { code: 'unavailable' });
    assert.equal((await lifecycle.current({ ...ref, run: 1 })).attempts, 1);
    assert.equal((await lifecycle.begin(ref, buildCall({ scheduledAt: 30 })))?.run, 2);
  });

  it('is ended by a later try of its beginning when it was cancelled, and by no earlier one', async () => {
    const ref = await accept('job_01k00000000000000000000000002');
    await lifecycle.begin(ref, buildCall({ scheduledAt: 20 }));
    await app.deps.jobs.move(ref.ownerId, ref.jobId, { to: 'cancelling', now: 1 });
    await assert.rejects(lifecycle.begin(ref, buildCall({ scheduledAt: 10 })), { code: 'unavailable' });
    assert.equal((await app.deps.jobs.find(ref.ownerId, ref.jobId))?.status, 'cancelling');
    assert.equal(await lifecycle.begin(ref, buildCall({ scheduledAt: 30 })), null);
    assert.equal((await app.deps.jobs.find(ref.ownerId, ref.jobId))?.status, 'cancelled');
  });

  it('keeps the result of the run that has it, and nothing of the one before', async () => {
    const ref = await accept('job_01k00000000000000000000000001');
    const first = await lifecycle.begin(ref, buildCall());
    const second = await lifecycle.begin(ref, buildCall());
    assert.deepEqual([first?.run, second?.run], [1, 2]);
    const answer = (text: string) => ({ statusCode: 200, body: { text: text.repeat(20) } });
    await lifecycle.complete({ ...ref, run: 2 }, answer('kept'));
    await lifecycle.complete({ ...ref, run: 1 }, answer('lost'));

    const connection = await connectMongo(app.deps.config.mongodb);
    const files = await connection.collection('blobs.files').find().toArray();
    await connection.close();
    const ended = await app.deps.jobs.find(1, ref.jobId);
    assert.deepEqual(
      files.map(({ _id }) => String(_id)),
      [ended?.result?.bodyBlob?.id],
    );
  });
});
