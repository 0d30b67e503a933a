import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { ofChats } from '../../helpers/batch-steps.ts';
import { storeFile } from '../../helpers/batches.ts';
import { buildJob } from '../../helpers/jobs.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.stop());

it('batches are listed whatever way they were asked for', async () => {
  const user = await app.signUp();
  const input_file_id = await storeFile(app, user, ['{}']);
  const ids: string[] = [];
  for (const path of ['/v1/batches', '/v1/batches/']) {
    const body = { input_file_id, ...ofChats[1] };
    ids.push((await user.json<{ id: string }>('POST', path, { body })).id);
  }
  const listed = await user.json<{ data: { id: string }[] }>('GET', '/v1/batches');
  assert.deepEqual(
    listed.data.map(({ id }) => id),
    ids.toReversed(),
  );
});

it('a page of batches looks at no other jobs of their owner', async () => {
  const { userId: ownerId } = await app.signUp();
  for (let number = 0; number < 60; number += 1) {
    const kind = number % 20 === 0 ? 'batch' : 'call';
    const job = buildJob({ id: app.deps.newJobId(Date.now()), ownerId, kind, status: 'completed', completedAt: 1 });
    await app.deps.jobs.accept(job, null);
  }
  const { url, database } = app.deps.config.mongodb;
  const connection = await connectMongo({ url, database });
  try {
    const jobs = connection.collection('jobs');
    const listed = jobs.find({ ownerId, kind: 'batch' }).sort({ _id: -1 }).limit(21);
    const { executionStats } = await listed.explain('executionStats');
    assert.deepEqual([executionStats.nReturned, executionStats.totalDocsExamined], [3, 3]);
  } finally {
    await connection.close();
  }
});
