import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createCheckouts } from '../../../src/adapters/blobs/checkout.ts';
import type { BlobRef, BlobStore } from '../../../src/core/blob.ts';

/** Blobs whose content is their id. Only `read` is asked of them here. */
const blobs = {
  async *read(_ownerId: number, id: string) {
    if (id === 'broken') throw new Error('the store is away');
    yield Buffer.from(id);
  },
} as unknown as BlobStore;

const blob = (id: string): BlobRef => ({ id, bytes: id.length, sha256: '', mediaType: 'text/plain', name: null });

describe('checkouts', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'checkouts-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('give everybody the whole file, however many come and go at once', async () => {
    const checkouts = createCheckouts(blobs, join(dir, 'many'));
    const ids = Array.from({ length: 400 }, (_, index) => `blob-${index % 23}`);
    const texts = await Promise.all(ids.map((id) => checkouts.withFile(1, blob(id), (path) => readFile(path, 'utf8'))));
    assert.deepEqual(texts, ids);
    await checkouts.close();
  });

  it('share one copy among those who use it at the same time', async () => {
    const checkouts = createCheckouts(blobs, join(dir, 'shared'));
    const paths = await Promise.all(
      Array.from({ length: 5 }, () => checkouts.withFile(1, blob('one'), async (path) => path)),
    );
    assert.equal(new Set(paths).size, 1);
    await checkouts.close();
  });

  it('keep few files that nobody uses', async () => {
    const checkouts = createCheckouts(blobs, join(dir, 'few'));
    for (let index = 0; index < 20; index += 1)
      await checkouts.withFile(1, blob(`blob-${index}`), async () => undefined);
    assert.ok((await readdir(checkouts.folder)).length <= 4);
    await checkouts.close();
  });

  it('can be had once the folder can be made, though it could not at first', async () => {
    await writeFile(join(dir, 'taken'), 'a file where the folder should be');
    const checkouts = createCheckouts(blobs, join(dir, 'taken'));
    const read = () => checkouts.withFile(1, blob('one'), (path) => readFile(path, 'utf8'));
    await assert.rejects(read(), { code: 'ENOTDIR' });
    await rm(join(dir, 'taken'));
    assert.equal(await read(), 'one');
    await checkouts.close();
  });

  it('leave nothing of a download that broke off, and try it again for the next', async () => {
    const checkouts = createCheckouts(blobs, join(dir, 'broken'));
    for (let index = 0; index < 2; index += 1) {
      await assert.rejects(
        checkouts.withFile(1, blob('broken'), async () => undefined),
        /the store is away/,
      );
    }
    assert.deepEqual(await readdir(checkouts.folder), []);
    await checkouts.close();
  });

  it('remove the folders of processes that died and no other', async () => {
    const parent = join(dir, 'sweep');
    const dead = join(parent, 'checkout-999999999');
    const foreign = join(parent, 'something-else');
    for (const folder of [dead, foreign]) await mkdir(folder, { recursive: true });
    const checkouts = createCheckouts(blobs, parent);
    await checkouts.withFile(1, blob('x'), async () => undefined);
    const left = await readdir(parent);
    assert.ok(!left.includes('checkout-999999999'));
    assert.ok(left.includes('something-else'));
    await checkouts.close();
    assert.deepEqual(await readdir(parent), ['something-else']);
  });
});
