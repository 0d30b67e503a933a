import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { chatLine, storeFile } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { chatCompletion } from '../../helpers/wire/openai.ts';

const model = 'batched';

describe('the file of a batch', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let user: TestCaller;
  before(async () => {
    upstream = await startFakeUpstream(chatCompletion({ text: ['done'] }));
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    user = await app.signUp();
  });

  const isStored = async (blobId: string) => (await app.deps.blobs.find(user.userId, blobId)) !== null;

  it('that is deleted stays for the batch until it has completed, and no longer', async () => {
    const run = await beginBatch(app, user, [chatLine('a', model)], ofChats);
    const { batch } = await jobOf(app, run);
    const { id } = batch?.input ?? assert.fail();
    await user.request('DELETE', `/v1/files/${batch?.inputFileId}`);
    await app.verbs.runShard({ ...run, shard: 0 }, buildCall());
    assert.equal(await isStored(id), true);
    await app.verbs.finishBatch(run, buildCall());
    assert.equal((await jobOf(app, run)).batch?.counts.completed, 1);
    assert.equal(await isStored(id), false);
  });

  it('that is deleted goes with a batch that is cancelled before it begins', async () => {
    const input_file_id = await storeFile(app, user, [chatLine('a', model)]);
    const file = await app.deps.files.find(user.userId, input_file_id);
    const { id } = file?.blob ?? assert.fail();
    const body = { input_file_id, ...ofChats[1] };
    const batch = await user.json<{ id: string }>('POST', '/v1/batches', { body });
    await user.request('DELETE', `/v1/files/${input_file_id}`);
    assert.equal(await isStored(id), true);
    await user.request('POST', `/v1/batches/${batch.id}/cancel`);
    assert.equal(await isStored(id), false);
  });

  it('that is not deleted is left as it is when the batch has ended', async () => {
    const run = await beginBatch(app, user, [chatLine('a', model)], ofChats);
    await app.verbs.closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
    assert.equal(await isStored((await jobOf(app, run)).batch?.input.id ?? ''), true);
  });
});
