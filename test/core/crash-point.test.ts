import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { crashPoint } from '../../src/core/crash-point.ts';
import { crashPointsInSource, createCrashPoints } from '../helpers/crash-points.ts';
import { temporaryDirectories } from '../helpers/temporary-directory.ts';

describe('crash points', () => {
  it('are named once each, after what is done and what is not', () => {
    const names = crashPointsInSource();
    assert.ok(names.length >= 40, `${names.length} in the source`);
    assert.deepEqual(names, [...new Set(names)]);
    for (const name of names) assert.match(name, /^[a-z]+\.[a-z_]+\.before_[a-z_]+$/);
  });

  it('are nothing while no test has armed them', () => {
    assert.equal(crashPoint('test.done.before_undone'), undefined);
  });
});

describe('an armed crash point', () => {
  const newDirectory = temporaryDirectories('crash-points');

  /** What a process prints that passes the point three times. */
  function passThrice(environment: Record<string, string>) {
    const module = join(import.meta.dirname, '../../src/core/crash-point.ts');
    const script = `
      const { crashPoint } = await import(${JSON.stringify(module)});
      for (let pass = 1; pass <= 3; pass += 1) {
        crashPoint('test.done.before_undone');
        process.stdout.write(String(pass));
      }`;
    const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    return { signal, stdout };
  }

  it('kills the process that reaches it, after those it lets pass, and only once', () => {
    const points = createCrashPoints(newDirectory());
    points.arm('test.done.before_undone', 1);
    assert.deepEqual(passThrice(points.environment), { signal: 'SIGKILL', stdout: '1' });
    assert.ok(points.hasFired('test.done.before_undone'));
    assert.deepEqual(passThrice(points.environment), { signal: null, stdout: '123' });
  });

  it('lets pass when it is disarmed, and when another one is armed', () => {
    const points = createCrashPoints(newDirectory());
    points.arm('test.done.before_undone');
    points.disarm('test.done.before_undone');
    points.arm('test.other.before_this');
    assert.deepEqual(passThrice(points.environment), { signal: null, stdout: '123' });
    assert.ok(!points.hasFired('test.done.before_undone'));
  });
});
