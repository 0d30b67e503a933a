import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';

it('npm test fails when a pattern matches no file, where node itself would exit with 0', () => {
  const command = join(import.meta.dirname, '../../engines/test.ts');
  const { status, stderr } = spawnSync(process.execPath, [command, 'test/nothing/**/*.test.ts'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /No test file matches test\/nothing/);
});
