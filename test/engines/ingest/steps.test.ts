import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { createIngestSteps, type IngestSteps } from '../../helpers/ingest-steps.ts';

const mebibyte = 1024 * 1024;
const maxMarkdownBytes = 2.5 * mebibyte;
const short = '# A title\n\nSome words of a document.';

describe('the steps of an ingestion', () => {
  let app: TestApp;
  let user: TestCaller;
  let steps: IngestSteps;

  before(async () => {
    app = await startTestApp({ config: { documents: { maxMarkdownBytes } } });
    user = await app.signUp();
    steps = createIngestSteps(app, user);
  });
  after(() => app.stop());

  it('tell of a part once, also when reading it is tried again', async () => {
    const { job, documentId } = await steps.upload(await steps.newCollection(), short);
    const run = await steps.take(job.id, 'extracted');
    // As after a crash that came before the result was stored.
    await app.deps.extractions.deleteDocument(user.userId, documentId);
    await app.verbs.extractParts({ ...run, range: { from: 1, to: 1 } }, buildCall());
    assert.equal((await steps.blocksOf(documentId)).length, 1);
    const events = await app.deps.jobs.events(user.userId, await steps.findJob(job.id), 0, 100);
    assert.equal(events.filter(({ type }) => type === 'job.output').length, 1);
  });

  it('keep nothing of an old version once a new one is there', async () => {
    const { job, documentId } = await steps.upload(await steps.newCollection(), short);
    await steps.take(job.id, 'published');
    const old = await steps.blocksOf(documentId, 1);
    const retry = await user.json<{ id: string }>('POST', `/v1/jobs/${job.id}/retry`);
    await steps.take(retry.id, 'published');
    const clock = { now: () => Date.now() + 60_000 };
    await purgeDeleted({ ...app.deps, clock, cancelJob: app.verbs.cancelJob }, 100, buildCall());

    assert.equal(old.length, 1);
    for (const id of old) assert.equal(await app.deps.blobs.find(user.userId, id), null);
    assert.deepEqual(await steps.blocksOf(documentId, 1), []);
    const content = await user.request('GET', `/v1/documents/${documentId}/content`);
    assert.equal(await content.text(), short);
  });

  it('read no more of a document than the limit, however many of them share the work', async () => {
    const long = 'some words of a line\n\n'.repeat((3 * mebibyte) / 22);
    const { job } = await steps.upload(await steps.newCollection(), long);
    const run = await steps.take(job.id, 'begun');
    const { parts } = await app.verbs.inspectDocument(run, buildCall());
    const extract = (from: number, to: number) => app.verbs.extractParts({ ...run, range: { from, to } }, buildCall());
    await extract(1, 2);
    await assert.rejects(extract(3, parts), {
      code: 'document_too_large',
      publicMessage: `The document holds more than ${maxMarkdownBytes} bytes of text; at most that much is read from one document.`,
    });
  });

  it('stop when the account they run for has expired', async () => {
    const other = await app.signUp();
    const its = createIngestSteps(app, other);
    const { job } = await its.upload(await its.newCollection(), short);
    const run = await its.take(job.id, 'extracted');
    const connection = await connectMongo({ ...app.deps.config.mongodb });
    await connection
      .collection<{ _id: number }>('users')
      .updateOne({ _id: other.userId }, { $set: { expiresAt: Date.now() - 1 } });
    await connection.close();
    // What another process changes is known here within a second; the test does not wait for it.
    app.deps.principals.forget();
    await assert.rejects(app.verbs.splitDocument(run, buildCall()), { code: 'account_expired' });
  });
});
