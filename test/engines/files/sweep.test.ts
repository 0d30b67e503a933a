import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { createFileStorage } from '../../../src/activities/files/storage.ts';
import type { BlobRef } from '../../../src/core/blob.ts';
import { fileIdOf } from '../../../src/core/file.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';

const ownerId = 7;
const { signal } = new AbortController();

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.stop());

const newId = () => fileIdOf(app.deps.newJobId(Date.now()));

function storeBlob(): Promise<BlobRef> {
  const content = (async function* () {
    yield Buffer.from('{}\n');
  })();
  return app.deps.blobs.put(ownerId, { content, mediaType: 'application/jsonl', name: 'a', maxBytes: 10 }, signal);
}

const facts = (id: string) =>
  ({ id, name: 'a.jsonl', purpose: 'batch_output', createdAt: 0, expiresAt: null }) as const;

/** A try at making the file that died so long ago that it is swept. */
async function abandon(id: string): Promise<void> {
  const blob = await storeBlob();
  await app.deps.files.begin({ ...facts(id), ownerId, blob }, Date.now() - 1);
}

it('a file that is made again while its earlier try is swept is there in the end', async () => {
  const id = newId();
  await abandon(id);
  const storage = createFileStorage(app.deps);
  const sweeping = createFileStorage({
    ...app.deps,
    files: {
      ...app.deps.files,
      async expired(limit) {
        const found = await app.deps.files.expired(limit);
        await storage.keep(ownerId, await storeBlob(), facts(id));
        return found;
      },
    },
  });
  await sweeping.purge(100);
  const file = await app.deps.files.find(ownerId, id);
  assert.ok(file);
  assert.ok(await app.deps.blobs.find(ownerId, file.blob.id));
});

it('a file whose sweep has begun is neither begun again nor completed until it is gone', async () => {
  const id = newId();
  const { files } = app.deps;
  const again = { ...facts(id), ownerId, blob: await storeBlob() };
  await files.begin(again, Date.now() - 1);
  assert.equal(await files.claimExpired(ownerId, id), true);
  assert.equal(await files.begin(again, Date.now() + 1_000), null);
  assert.equal(await files.complete(again), false);
  await files.remove(ownerId, id);
  assert.deepEqual(await files.begin(again, Date.now() + 1_000), { replaced: null });
  assert.equal(await files.complete(again), true);
});
