import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findInCache, storeInCache } from '../../../engines/acquire/cache.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('cache');

const fill = async (directory: string) => {
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(join(directory, 'bin/program'), 'the program');
  writeFileSync(join(directory, 'notice.txt'), 'a notice');
};

describe('the cache', () => {
  it('finds what it stored, with its source', async () => {
    const cacheDir = newDirectory();
    const stored = await storeInCache(cacheDir, 'mongodb', 'pip mongod 1.0', fill);
    assert.deepEqual(await findInCache(cacheDir, 'mongodb'), { source: 'pip mongod 1.0', directory: stored.directory });
    assert.ok(existsSync(join(stored.directory, 'bin/program')));
  });

  it('finds nothing where nothing was stored', async () => {
    assert.equal(await findInCache(newDirectory(), 'mongodb'), undefined);
  });

  it('names a file that was changed without changing its size', async () => {
    const cacheDir = newDirectory();
    const { directory } = await storeInCache(cacheDir, 'mongodb', 'pip', fill);
    writeFileSync(join(directory, 'bin/program'), 'the pr0gram');
    assert.deepEqual(await findInCache(cacheDir, 'mongodb'), { damaged: 'bin/program' });
  });

  it('names a file that is gone', async () => {
    const cacheDir = newDirectory();
    const { directory } = await storeInCache(cacheDir, 'mongodb', 'pip', fill);
    rmSync(join(directory, 'notice.txt'));
    assert.deepEqual(await findInCache(cacheDir, 'mongodb'), { damaged: 'notice.txt' });
  });

  it('replaces a damaged entry as a whole', async () => {
    const cacheDir = newDirectory();
    const { directory } = await storeInCache(cacheDir, 'mongodb', 'pip', fill);
    writeFileSync(join(directory, 'bin/program'), 'damaged');
    writeFileSync(join(directory, 'leftover'), '');
    await storeInCache(cacheDir, 'mongodb', 'archive', fill);
    assert.deepEqual(await findInCache(cacheDir, 'mongodb'), { source: 'archive', directory });
    assert.equal(existsSync(join(directory, 'leftover')), false);
  });

  it('keeps the old entry and no half of a new one when filling fails', async () => {
    const cacheDir = newDirectory();
    const { directory } = await storeInCache(cacheDir, 'mongodb', 'pip', fill);
    const failing = async (target: string) => {
      await fill(target);
      throw new Error('the network is gone');
    };
    await assert.rejects(storeInCache(cacheDir, 'mongodb', 'archive', failing), /the network is gone/);
    assert.deepEqual(await findInCache(cacheDir, 'mongodb'), { source: 'pip', directory });
    assert.deepEqual(readdirSync(cacheDir), ['mongodb']);
  });
});
