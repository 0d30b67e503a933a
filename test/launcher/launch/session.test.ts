import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { endGroup, isAlive, type ProcessIdentity } from '../../../engines/processes.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const newDirectory = temporaryDirectories('session');
const launcherScript = join(import.meta.dirname, '../fixtures/launch-and-wait.ts');

async function launch(end: 'wait' | 'hand-over') {
  const launcher = spawn(process.execPath, [launcherScript, newDirectory(), end], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  return { launcher, daemon: JSON.parse(line.toString()) as ProcessIdentity };
}

/** True while any process is in the group that the daemon leads. */
function groupLives({ pid }: ProcessIdentity): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('what a launcher has running', () => {
  it('ends with it, children included, when the launcher is killed without a goodbye', async () => {
    const { launcher, daemon } = await launch('wait');
    assert.equal(isAlive(daemon), true);
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    await waitFor("the end of the daemon's group", () => !groupLives(daemon));
  });

  it('lives on when the launcher hands it over', async () => {
    const { launcher, daemon } = await launch('hand-over');
    await once(launcher, 'exit');
    // The guard has gone too once its word is out; only then is "lives on" more than "not yet ended".
    assert.equal(isAlive(daemon), true);
    await endGroup(daemon, 5_000);
    assert.equal(isAlive(daemon), false);
  });
});
