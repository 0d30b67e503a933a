import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { chatLine, storeFile } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';

const maxStoredBytes = 10_000;
const day = 24 * 3_600_000;
const model = 'all-minilm-l6-v2';

describe('what one user may keep', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ config: { files: { maxStoredBytes } } });
  });
  after(() => app.stop());
  beforeEach(async () => {
    user = await app.signUp();
  });

  /** A file that leaves room for so many bytes. Answers its id. */
  async function leaveRoom(bytes: number): Promise<string> {
    const stored = await app.deps.files.totalBytes(user.userId);
    return storeFile(app, user, ['a'.repeat(maxStoredBytes - stored - bytes - 1)]);
  }

  const doors: [name: string, path: string, body: object][] = [
    ['a batch', ...ofChats],
    ['a file of texts to embed', '/v1/embeddings/batches', { model }],
  ];
  for (const [name, path, body] of doors) {
    const begin = (input_file_id: string) =>
      user.request('POST', path, { body: { input_file_id, ...body }, headers: { prefer: 'respond-async' } });

    it(`has room for ${name} as long as a byte is left`, async () => {
      assert.equal((await begin(await leaveRoom(1))).status, 202);
    });

    it(`has no room for ${name} when none is left`, async () => {
      const refused = await begin(await leaveRoom(0));
      assert.equal(refused.status, 413);
      const { error } = (await refused.json()) as { error: { code: string; param: string; message: string } };
      assert.deepEqual([error.code, error.param], ['body_too_large', 'input_file_id']);
      assert.match(error.message, /Delete some/);
    });
  }

  it('includes deleted files that batches read, once each, until those have ended', async () => {
    const input = await storeFile(app, user, ['a'.repeat(5_999)]);
    const batches: string[] = [];
    for (let number = 0; number < 2; number += 1) {
      const body = { input_file_id: input, ...ofChats[1] };
      batches.push((await user.json<{ id: string }>('POST', '/v1/batches', { body })).id);
    }
    await user.json('DELETE', `/v1/files/${input}`);
    await assert.rejects(storeFile(app, user, ['a'.repeat(4_000)]), { code: 'body_too_large' });
    await storeFile(app, user, ['a'.repeat(3_999)]);

    for (const id of batches) await user.json('POST', `/v1/batches/${id}/cancel`);
    await storeFile(app, user, ['a'.repeat(5_999)]);
  });

  it('loses the files of a batch after 30 days, unless said otherwise', async () => {
    const expiries: (number | null)[] = [];
    for (const more of [{}, { output_expires_after: { anchor: 'created_at', seconds: 7_200 } }]) {
      const run = await beginBatch(app, user, [chatLine('a', 'unknown')], [ofChats[0], { ...ofChats[1], ...more }]);
      await app.verbs.runShard({ ...run, shard: 0 }, buildCall());
      await app.verbs.finishBatch(run, buildCall());
      const { batch } = await jobOf(app, run);
      const file = await app.deps.files.find(user.userId, batch?.errorFileId ?? '');
      assert.ok(file);
      expiries.push(file.expiresAt && file.expiresAt - file.createdAt);
    }
    assert.deepEqual(expiries, [30 * day, 7_200_000]);
  });
});
