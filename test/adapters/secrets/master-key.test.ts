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
    const loaded = await loadMasterKey('configured-master-key', join(dir, 'unused'));
    assert.deepEqual(loaded, { key: 'configured-master-key', createdIn: null });
    assert.deepEqual(await readdir(dir), []);
  });

  it('is made once by whoever comes first of several processes', async () => {
    const dataDir = join(dir, 'fresh');
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(null, dataDir)));
    const [key = ''] = loaded.map((one) => one.key);
    assert.deepEqual(new Set(loaded.map((one) => one.key)), new Set([key]));
    assert.match(key, /^[\w-]{43}$/);
    assert.deepEqual(
      loaded.flatMap(({ createdIn }) => createdIn ?? []),
      [join(dataDir, 'master-key')],
    );
    assert.deepEqual(await loadMasterKey(null, dataDir), { key, createdIn: null });
    assert.deepEqual(await readdir(dataDir), ['master-key']);
  });

  it('is for its owner to read only', async () => {
    await loadMasterKey(null, join(dir, 'mode'));
    assert.equal((await stat(join(dir, 'mode', 'master-key'))).mode & 0o777, 0o600);
  });
});
