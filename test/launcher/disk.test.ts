import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { ensureFreeSpace, formatBytes, freeBytes, isDiskFull } from '../../engines/disk.ts';

describe('disk space', () => {
  it('that suffices is passed over in silence', async () => {
    await ensureFreeSpace(tmpdir(), 1, 'a test');
  });

  it('that is missing is told with the need, the rest and the purpose', async () => {
    const needed = (await freeBytes(tmpdir())) + 1024 ** 4;
    await assert.rejects(ensureFreeSpace(tmpdir(), needed, 'fetching Elasticsearch'), {
      name: 'LauncherError',
      message: /fetching Elasticsearch needs \d+\.\d GB and .+ are free/,
    });
  });

  it('is written in megabytes and gigabytes', () => {
    assert.equal(formatBytes(300 * 1024 ** 2), '300 MB');
    assert.equal(formatBytes(1.5 * 1024 ** 3), '1.5 GB');
  });

  it('that ran out is recognised, whoever noticed', () => {
    assert.equal(isDiskFull(Object.assign(new Error('write'), { code: 'ENOSPC' })), true);
    assert.equal(isDiskFull(new Error('pip exited with 1:\n[Errno 28] No space left on device')), true);
    assert.equal(isDiskFull(new Error('connection refused')), false);
  });
});
