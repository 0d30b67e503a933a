import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { createProgress, type ProgressStream } from '../../engines/progress.ts';

describe('progress', () => {
  let written: string[];
  let stream: ProgressStream;

  beforeEach(() => {
    written = [];
    stream = { write: (text) => written.push(text), columns: 80 };
    mock.timers.enable({ apis: ['setInterval', 'Date'] });
  });

  /** Runs a step that takes `ms` on the clock. */
  async function takeTime(ms: number, fails = false): Promise<unknown> {
    const end = Promise.withResolvers<string>();
    const step = createProgress(stream).step('Fetching', (detail) => {
      detail('1 of 2 MB');
      return end.promise;
    });
    for (let passed = 0; passed < ms; passed += 100) mock.timers.tick(100);
    if (fails) end.reject(new Error('gone'));
    else end.resolve('result');
    return step.finally(() => mock.timers.reset());
  }

  it('is one plain line for a quick step', async () => {
    assert.equal(await takeTime(500), 'result');
    assert.deepEqual(written, ['  Fetching\n']);
  });

  it('tells the elapsed time of a slow step, with its detail, and how long it took', async () => {
    await takeTime(13_000);
    assert.deepEqual(written, [
      '  Fetching\n',
      '  … Fetching, 1 of 2 MB (2.0 s)\n',
      '  … Fetching, 1 of 2 MB (12 s)\n',
      '✓ Fetching (13 s)\n',
    ]);
  });

  it('marks a step that failed, and lets its error through', async () => {
    await assert.rejects(takeTime(100, true), /gone/);
    assert.equal(written.at(-1), '✗ Fetching (0.1 s)\n');
  });

  it('is redrawn in place on a terminal, cut to its width', async () => {
    stream = { ...stream, isTTY: true, columns: 30 };
    await takeTime(3_000);
    const frames = written.filter((text) => text.startsWith('  Fetching'));
    assert.ok(frames.length >= 3);
    for (const frame of frames) assert.ok(frame.length < 30 && !frame.includes('\n'));
    assert.equal(written.at(-1), '✓ Fetching (3.0 s)\n');
  });
});
