import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { tryLock, withLock } from '../../engines/process-lock.ts';
import { identify } from '../../engines/processes.ts';

describe('a process lock', () => {
  let directory: string;
  let path: string;
  let other: ChildProcess;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lock-'));
    path = join(directory, 'run/some.lock');
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  });
  afterEach(() => {
    other.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  const writeHolder = (holder: object) => {
    tryLock(path, 'to make the folder');
    writeFileSync(path, JSON.stringify({ purpose: 'npm start', since: '2026-01-01T00:00:00.000Z', ...holder }));
  };

  it('is refused while its holder lives, and names the holder', () => {
    const holder = identify(other.pid ?? 0);
    assert.ok(holder);
    writeHolder(holder);
    const attempt = tryLock(path, 'npm test');
    assert.equal(attempt.kind, 'refused');
    assert.equal(attempt.kind === 'refused' && attempt.holder.pid, other.pid);
    assert.equal(attempt.kind === 'refused' && attempt.holder.purpose, 'npm start');
  });

  it('is taken over from a holder that ended', async () => {
    const holder = identify(other.pid ?? 0);
    assert.ok(holder);
    writeHolder(holder);
    other.kill('SIGKILL');
    await once(other, 'exit');
    assert.equal(tryLock(path, 'npm test').kind, 'held');
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).purpose, 'npm test');
  });

  it('is taken over when another process has the pid of its holder', () => {
    writeHolder({ pid: other.pid, startTime: 'another boot:1' });
    assert.equal(tryLock(path, 'npm test').kind, 'held');
  });

  it('is taken over when its file is damaged', () => {
    writeHolder({});
    writeFileSync(path, '{"pid":');
    assert.equal(tryLock(path, 'npm test').kind, 'held');
  });

  it('can be taken again once it was released', () => {
    const first = tryLock(path, 'first');
    assert.equal(tryLock(path, 'second').kind, 'refused');
    assert.ok(first.kind === 'held');
    first.release();
    assert.equal(existsSync(path), false);
    assert.equal(tryLock(path, 'second').kind, 'held');
  });

  it('is not released by somebody who lost it', () => {
    const first = tryLock(path, 'first');
    assert.ok(first.kind === 'held');
    const holder = identify(other.pid ?? 0);
    writeHolder({ ...holder });
    first.release();
    assert.equal(existsSync(path), true);
  });

  it('lets those who wait go one after the other, and tells them once for whom', async () => {
    let inside = 0;
    const waitedFor: number[] = [];
    const work = async () => {
      inside += 1;
      assert.equal(inside, 1);
      await new Promise(setImmediate);
      inside -= 1;
      return 'done';
    };
    const results = await Promise.all(
      [1, 2, 3].map(() => withLock(path, 'fetching', (holder) => waitedFor.push(holder.pid), work)),
    );
    assert.deepEqual(results, ['done', 'done', 'done']);
    assert.deepEqual(waitedFor, [process.pid, process.pid]);
  });

  it('is released when the work under it fails', async () => {
    await assert.rejects(
      withLock(
        path,
        'fetching',
        () => {},
        () => Promise.reject(new Error('no network')),
      ),
      /no network/,
    );
    assert.equal(existsSync(path), false);
  });
});
