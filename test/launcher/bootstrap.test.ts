import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { temporaryDirectories } from '../helpers/temporary-directory.ts';
import { waitFor } from '../helpers/wait-for.ts';

const newDirectory = temporaryDirectories('bootstrap');

/** Stands in for npm: notes each call, takes its time, and installs what the lock file names, or fails as npm does. */
const fakeNpm = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
setTimeout(() => {
  if (existsSync('npm-fails')) {
    console.error('npm error code E503');
    process.exit(1);
  }
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
}, 300);
`;

describe('the bootstrap', () => {
  let root: string;

  beforeEach(() => {
    root = newDirectory();
    mkdirSync(join(root, 'engines'));
    copyFileSync(join(import.meta.dirname, '../../engines/bootstrap.mjs'), join(root, 'engines/bootstrap.mjs'));
    writeFileSync(join(root, 'npm.js'), fakeNpm);
    writeLock('1.0.0');
    writeEntry("console.log('entry', ...process.argv.slice(2));");
  });

  const writeLock = (version: string) => {
    const packages = { '': {}, 'node_modules/koa': { version } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  };
  const writeEntry = (text: string) => writeFileSync(join(root, 'engines/check.ts'), text);
  const npmCalls = () => {
    const path = join(root, 'npm-calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  const start = (...args: string[]) => {
    const env = { ...process.env, npm_execpath: join(root, 'npm.js') };
    const child = spawn(process.execPath, [join(root, 'engines/bootstrap.mjs'), ...args], { env });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    return { child, output };
  };
  const run = async (...args: string[]) => {
    const { child, output } = start(...args);
    const [code] = await once(child, 'close');
    return { code, ...output };
  };

  it('installs the locked packages, says so, and runs the command with its arguments', async () => {
    const { code, stdout, stderr } = await run('check', 'one', '--two');
    assert.equal(code, 0);
    assert.equal(stdout, 'entry one --two\n');
    assert.match(stderr, /Installing the locked npm packages \(npm ci/);
    assert.deepEqual(npmCalls(), ['ci --no-audit --no-fund --loglevel=error']);
  });

  it('installs once for the same lock file, and again when it changes', async () => {
    await run('check');
    await run('check');
    assert.equal(npmCalls().length, 1);
    writeLock('1.0.1');
    await run('check');
    assert.equal(npmCalls().length, 2);
  });

  it('installs once when two commands start at the same time', async () => {
    const [first, second] = await Promise.all([run('check'), run('check')]);
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.equal(npmCalls().length, 1);
  });

  it('takes over the install from a process that died over it', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    mkdirSync(join(root, '.data'));
    writeFileSync(join(root, '.data/install.lock'), String(dead.pid));
    assert.equal((await run('check')).code, 0);
    assert.equal(existsSync(join(root, '.data/install.lock')), false);
  });

  it('installs nothing when somebody ran npm and has what the lock file names', async () => {
    mkdirSync(join(root, 'node_modules'));
    const packages = { 'node_modules/koa': { version: '1.0.0' } };
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    assert.equal((await run('check')).code, 0);
    assert.deepEqual(npmCalls(), []);
  });

  it('ends with a sentence when the install fails, and tries again the next time', async () => {
    writeFileSync(join(root, 'npm-fails'), '');
    const { code, stdout, stderr } = await run('check');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /npm error code E503/);
    assert.match(stderr, /could not be installed: npm ci failed.*Check the network.*run the same command again\.\n$/s);
    await run('check');
    assert.equal(npmCalls().length, 2);
  });

  it('ends with the exit code of the command', async () => {
    writeEntry('process.exitCode = 3;');
    assert.equal((await run('check')).code, 3);
  });

  it('ends as if by the signal that ended the command', async () => {
    writeEntry("process.kill(process.pid, 'SIGKILL');");
    assert.equal((await run('check')).code, 128 + 9);
  });

  it('passes a signal on to the command', async () => {
    writeEntry("process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready');");
    const { child, output } = start('check');
    await waitFor('the command', () => output.stdout === 'ready\n');
    child.kill('SIGTERM');
    assert.equal((await once(child, 'close'))[0], 7);
  });

  it('lets the command know that it is gone, even when it was killed', async () => {
    const trace = join(root, 'trace');
    writeEntry(
      `import { writeFileSync } from 'node:fs';
       process.once('disconnect', () => { writeFileSync(${JSON.stringify(trace)}, ''); process.exit(0); });
       console.log('ready');`,
    );
    const { child, output } = start('check');
    await waitFor('the command', () => output.stdout === 'ready\n');
    child.kill('SIGKILL');
    await waitFor('its trace', () => existsSync(trace));
  });

  it('refuses a command that it does not know, and lists those it knows', async () => {
    const { code, stderr } = await run('deploy');
    assert.equal(code, 1);
    assert.match(stderr, /Unknown command "deploy"\. There are: start, demo, test,/);
    assert.deepEqual(npmCalls(), []);
  });
});
