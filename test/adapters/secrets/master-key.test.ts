import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadMasterKey } from '../../../src/adapters/secrets/master-key.ts';

describe('master key', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'master-key-'));
  });
  after(() => rm(dir, { recursive: true }));

  it('is the configured one, and then no file is made', async () => {
    assert.equal(await loadMasterKey('configured-master-key', join(dir, 'unused')), 'configured-master-key');
    assert.deepEqual(await readdir(dir), []);
  });

  it('is made once by whoever comes first of several processes', async () => {
    const dataDir = join(dir, 'fresh');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(null, dataDir)));
    assert.equal(new Set(keys).size, 1);
    assert.match(keys[0] ?? '', /^[\w-]{43}$/);
    assert.equal(await loadMasterKey(null, dataDir), keys[0]);
    assert.deepEqual(await readdir(dataDir), ['master-key']);
  });

  it('is for its owner to read only', async () => {
    await loadMasterKey(null, join(dir, 'mode'));
    assert.equal((await stat(join(dir, 'mode', 'master-key'))).mode & 0o777, 0o600);
  });
});
