import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildJob } from '../../helpers/jobs.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.stop());

it('a page of batches looks at no other jobs of their owner', async () => {
  const { userId: ownerId } = await app.signUp();
  for (let number = 0; number < 60; number += 1) {
    const endpoint = number % 20 === 0 ? '/v1/batches' : '/v1/embeddings';
    const job = buildJob({ id: app.deps.newJobId(Date.now()), ownerId, endpoint, status: 'completed', completedAt: 1 });
    await app.deps.jobs.accept(job, null);
  }
  const { url, database } = app.deps.config.mongodb;
  const connection = await connectMongo({ url, database });
  try {
    const jobs = connection.collection('jobs');
    const listed = jobs.find({ ownerId, endpoint: '/v1/batches' }).sort({ _id: -1 }).limit(21);
    const { executionStats } = await listed.explain('executionStats');
    assert.deepEqual([executionStats.nReturned, executionStats.totalDocsExamined], [3, 3]);
  } finally {
    await connection.close();
  }
});
