/**
 * Every npm command starts here, on whatever Node the machine has (20 or later): install the locked packages when
 * they are missing, then run the command's TypeScript entry on Node 24, which is one of those packages.
 *
 *     node engines/bootstrap.mjs <command> [arguments]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const REQUIRED_NODE_MAJOR = 24;

/** npm command -> its entry and the arguments that are always passed. */
const commands = {
  start: ['engines/start.ts'],
  demo: ['examples/demo.ts'],
  test: ['engines/test.ts'],
  'test:faults': ['engines/test.ts', '--faults'],
  'test:simulation': ['test/simulation/run.ts'],
  'test:mutations': ['test/mutations/run.ts'],
  check: ['engines/check.ts'],
  engines: ['engines/cli.ts'],
  bench: ['bench/run.ts'],
  cli: ['src/cli/main.ts'],
};

const stampPath = join(root, 'node_modules/.switchyard-lock');
const installLockPath = join(root, '.data/install.lock');

const say = (text) => process.stderr.write(`${text}\n`);

function fail(message) {
  say(message);
  process.exit(1);
}

function lockFingerprint() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** True when what npm says it installed is what the lock file asks for: somebody ran npm themselves. */
function installedByHand() {
  const installedPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return (
    Object.entries(wanted).every(
      ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
    ) && Object.entries(installed).every(([path, entry]) => wanted[path]?.version === entry.version)
  );
}

function packagesAreCurrent() {
  const fingerprint = lockFingerprint();
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === fingerprint) return true;
  if (!installedByHand()) return false;
  writeFileSync(stampPath, fingerprint);
  return true;
}

function runNpm(args) {
  const script = process.env.npm_execpath;
  const [command, prefix] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(command, [...prefix, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-8_000);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: `npm could not be run: ${error.message}` }));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

function isRunning(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readInstaller() {
  try {
    return Number(readFileSync(installLockPath, 'utf8'));
  } catch {
    return 0;
  }
}

function tryInstallLock(draft) {
  try {
    linkSync(draft, installLockPath);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Two installs into one node_modules would destroy each other: the second waits for the first. */
async function takeInstallLock() {
  mkdirSync(dirname(installLockPath), { recursive: true });
  // Written first and linked into place: a lock file is never seen half written.
  const draft = `${installLockPath}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  for (let told = false; !tryInstallLock(draft); ) {
    const installer = readInstaller();
    if (isRunning(installer)) {
      if (!told) say(`Process ${installer} is installing the packages; waiting for it (lock: ${installLockPath})`);
      told = true;
      await delay(500);
    } else {
      rmSync(installLockPath, { force: true });
    }
  }
  rmSync(draft);
}

async function runNpmCi() {
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1_000)} s`;
  const terminal = process.stderr.isTTY;
  say('  Installing the locked npm packages (npm ci, about 1.2 GB)');
  const ticker = setInterval(
    () => process.stderr.write(terminal ? `\r  … ${elapsed()}` : `  … installing the npm packages (${elapsed()})\n`),
    terminal ? 1_000 : 5_000,
  );
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(ticker);
  if (terminal) process.stderr.write('\r\x1b[2K');
  if (code === 0) return say(`✓ Installed the npm packages (${elapsed()})`);
  rmSync(installLockPath, { force: true });
  fail(
    `${output.trim()}\n\nThe packages could not be installed: npm ci failed, its last words are above. ` +
      'Check the network and the free disk space (2 GB are needed), then run the same command again.',
  );
}

async function installPackages() {
  if (packagesAreCurrent()) return;
  await takeInstallLock();
  try {
    if (packagesAreCurrent()) return;
    await runNpmCi();
    writeFileSync(stampPath, lockFingerprint());
  } finally {
    rmSync(installLockPath, { force: true });
  }
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= REQUIRED_NODE_MAJOR) return process.execPath;
  const packaged = join(root, 'node_modules/node/bin/node');
  if (existsSync(packaged)) return packaged;
  return fail(
    `Node ${REQUIRED_NODE_MAJOR} is needed and this is ${process.version}; the npm package "node" that brings it has no ` +
      'binary, because its install script did not run. Install without --ignore-scripts: rm -rf node_modules && npm ci',
  );
}

/** Runs the entry with our terminal; signals go through, and its end is our end. */
function run(node, args) {
  // The channel carries nothing: its closing tells the entry that we are gone, even by SIGKILL.
  const child = spawn(node, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Node could not be started at ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (!command) {
  fail(`Unknown command ${JSON.stringify(name ?? '')}. There are: ${Object.keys(commands).join(', ')}`);
} else {
  await installPackages();
  run(findNode(), [join(root, command[0]), ...command.slice(1), ...args]);
}
