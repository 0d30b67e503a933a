import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findJavas, findMaven, findPython, isRecentEnough } from '../../engines/tools.ts';
import { temporaryDirectories } from '../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('tools');

function writeProgram(path: string, script: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function createJava(release: string | undefined, says = ''): string {
  const home = realpathSync(newDirectory());
  writeProgram(join(home, 'bin/java'), says);
  if (release !== undefined) writeFileSync(join(home, 'release'), release);
  return home;
}

describe('Java', () => {
  it('of JAVA_HOME comes first, known by its release file', async () => {
    const home = createJava('IMPLEMENTOR="X"\nJAVA_VERSION="17.0.15"\n');
    const [first] = await findJavas({ JAVA_HOME: home });
    assert.deepEqual(first, { home, major: 17 });
  });

  it('without a release file is asked for its version', async () => {
    const home = createJava(undefined, 'echo \'openjdk version "21.0.3" 2024-04-16\'');
    assert.deepEqual((await findJavas({ JAVA_HOME: home }))[0], { home, major: 21 });
  });

  it('8 calls itself 1.8 and is not recent enough', async () => {
    const home = createJava('JAVA_VERSION="1.8.0_412"\n');
    const java = (await findJavas({ JAVA_HOME: home }))[0];
    assert.deepEqual(java, { home, major: 8 });
    assert.equal(java && isRecentEnough(java), false);
  });

  it('is not found where JAVA_HOME names nothing', async () => {
    const homes = (await findJavas({ JAVA_HOME: '/nowhere' })).map(({ home }) => home);
    assert.ok(!homes.includes('/nowhere'));
  });
});

describe('Python', () => {
  const namedPython = (version: string) => {
    const command = join(newDirectory(), 'python');
    writeProgram(command, `echo ${version}`);
    return command;
  };

  it('that the environment names is used', async () => {
    const command = namedPython('3.12');
    assert.deepEqual(await findPython({ PYTHON: command }), { command, version: '3.12' });
  });

  for (const version of ['2.7', '3.7']) {
    it(`${version} is passed over`, async () => {
      const command = namedPython(version);
      assert.notEqual((await findPython({ PYTHON: command }))?.command, command);
    });
  }
});

describe('Maven', () => {
  it('of MAVEN_HOME is used', async () => {
    const home = newDirectory();
    writeProgram(join(home, 'bin/mvn'), '');
    assert.equal(await findMaven({ MAVEN_HOME: home }), join(home, 'bin/mvn'));
  });
});
