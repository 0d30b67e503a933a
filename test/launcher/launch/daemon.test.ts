import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DaemonSpec, startDaemon } from '../../../engines/launch/daemon.ts';
import { openSession, type Session } from '../../../engines/launch/session.ts';
import { isAlive } from '../../../engines/processes.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('daemon');

describe('a daemon', () => {
  let session: Session;
  before(() => {
    session = openSession();
  });
  after(() => session.endAll(2_000));

  const sleeper = 'setInterval(() => {}, 1000)';
  const describeDaemon = (script: string, changes: Partial<DaemonSpec> = {}): DaemonSpec => ({
    title: 'MongoDB',
    command: process.execPath,
    args: ['-e', script],
    logFile: join(newDirectory(), 'logs/daemon.log'),
    isReady: async () => true,
    readyTimeoutMs: 20_000,
    remedy: () => undefined,
    ...changes,
  });

  it('is handed out when it is ready, not before; a failing question counts as no', async () => {
    const answers = [async () => false, () => Promise.reject(new Error('refused')), async () => true];
    const identity = await startDaemon(
      describeDaemon(sleeper, { isReady: () => (answers.shift() ?? (async () => assert.fail('asked after yes')))() }),
      session,
    );
    assert.equal(answers.length, 0);
    assert.equal(isAlive(identity), true);
  });

  it('that ends at once shows how it ended, its last 200 log lines and what to do', async () => {
    const script = 'for (let i = 1; i <= 300; i++) console.log("line " + i + "."); process.exit(14)';
    await assert.rejects(
      startDaemon(describeDaemon(script, { isReady: async () => false, remedy: () => 'Repair it.' }), session),
      (error: Error & { remedy?: string }) => {
        assert.match(error.message, /MongoDB did not start: it exited with 14\. Its last 200 log lines:/);
        assert.ok(error.message.includes('line 101.') && error.message.includes('line 300.'));
        assert.ok(!error.message.includes('line 100.'));
        assert.match(error.remedy ?? '', /^Repair it\. The whole log is in .*daemon\.log\.$/);
        return true;
      },
    );
  });

  it('that a signal ended says which', async () => {
    await assert.rejects(
      startDaemon(describeDaemon("process.kill(process.pid, 'SIGKILL')", { isReady: async () => false }), session),
      /it was ended by SIGKILL/,
    );
  });

  it('that is never ready is ended when its time is up', async (t) => {
    const pidFile = join(newDirectory(), 'pid');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${sleeper}`;
    let pid = 0;
    const isReady = async () => {
      pid = Number(readFileSync(pidFile, 'utf8'));
      return false;
    };
    await assert.rejects(
      startDaemon(describeDaemon(script, { isReady, readyTimeoutMs: 2_000 }), session),
      /was not ready within 2 s/,
    );
    assert.ok(pid > 0);
    // Gone for good when its parent has heard of its end.
    await t.waitFor(() => assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }), { timeout: 10_000 });
  });

  it('whose disk is full says so', async () => {
    const script = "console.log('write failed: No space left on device'); process.exit(1)";
    await assert.rejects(startDaemon(describeDaemon(script, { isReady: async () => false }), session), {
      remedy: /^The disk is full: free some space\./,
    });
  });

  it('whose program cannot be run is named', async () => {
    const command = join(newDirectory(), 'mongod');
    writeFileSync(command, 'not a program');
    await assert.rejects(startDaemon(describeDaemon('', { command }), session), {
      name: 'LauncherError',
      remedy: `The program is ${command}.`,
    });
  });
});
