import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { endGroup, identify, isAlive } from '../../engines/processes.ts';

async function startSleeper(script = 'setInterval(() => {}, 1000)') {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const identity = identify(child.pid ?? 0);
  assert.ok(identity);
  return { child, identity };
}

describe('a process', () => {
  it('is known by its pid and start time', async () => {
    const { child, identity } = await startSleeper();
    assert.equal(isAlive(identity), true);
    assert.equal(isAlive({ ...identity, startTime: 'another' }), false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isAlive(identity), false);
    assert.equal(identify(identity.pid), undefined);
  });

  it('is asked to end before it is made to', async () => {
    const { child, identity } = await startSleeper();
    await endGroup(identity, 10_000);
    assert.equal(child.signalCode ?? (await once(child, 'exit'))[1], 'SIGTERM');
  });

  it('that does not listen is killed when the grace is over', async () => {
    const { child, identity } = await startSleeper("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
    const exit = once(child, 'exit');
    await endGroup(identity, 300);
    assert.equal((await exit)[1], 'SIGKILL');
  });

  it('is left alone when its pid belongs to another by now', async () => {
    const { child, identity } = await startSleeper();
    await endGroup({ ...identity, startTime: 'an earlier process' }, 300);
    assert.equal(isAlive(identity), true);
    child.kill('SIGKILL');
  });
});
