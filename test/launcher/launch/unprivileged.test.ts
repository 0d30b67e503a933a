import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  canReach,
  claimOutsideDirectory,
  giveTo,
  outsideDirectory,
  requiredUid,
} from '../../../engines/launch/unprivileged.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('unprivileged');
const uid = requiredUid();
const onlyRoot = uid === undefined && 'only root can act for another user';

describe('the folders of an engine that must not run as root', () => {
  it('are reached by ourselves without asking', () => {
    assert.equal(canReach(newDirectory(), undefined), true);
  });

  it('are out of reach below a folder that is closed to others', { skip: onlyRoot }, () => {
    const home = newDirectory();
    const project = join(home, 'project');
    mkdirSync(project);
    chmodSync(home, 0o700);
    assert.equal(canReach(project, uid), false);
    chmodSync(home, 0o755);
    assert.equal(canReach(project, uid), true);
  });

  it('outside the project are the same on every start and differ between projects', () => {
    assert.equal(outsideDirectory('/a/.data/elasticsearch'), outsideDirectory('/a/.data/elasticsearch'));
    assert.notEqual(outsideDirectory('/a/.data/elasticsearch'), outsideDirectory('/b/.data/elasticsearch'));
  });

  it('outside the project are claimed once and kept', async () => {
    const directory = join(newDirectory(), 'outside');
    await claimOutsideDirectory(directory);
    await claimOutsideDirectory(directory);
    assert.equal(lstatSync(directory).isDirectory(), true);
  });

  it('outside the project are refused when somebody put a link there', async () => {
    const parent = newDirectory();
    symlinkSync(newDirectory(), join(parent, 'outside'));
    await assert.rejects(claimOutsideDirectory(join(parent, 'outside')), /belongs to somebody else/);
  });

  it('are given to that user with all that is in them', { skip: onlyRoot }, async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'config/inner'), { recursive: true });
    writeFileSync(join(directory, 'config/inner/file'), '');
    await giveTo(uid, directory);
    for (const path of ['.', 'config', 'config/inner', 'config/inner/file']) {
      assert.equal(statSync(join(directory, path)).uid, uid, path);
    }
  });
});
