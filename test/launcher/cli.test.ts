import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findFreePorts } from '../../engines/ports.ts';
import { identify, isAlive, type ProcessIdentity } from '../../engines/processes.ts';
import { temporaryDirectories } from '../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('cli');
const cli = join(import.meta.dirname, '../../engines/cli.ts');

describe('npm run engines', () => {
  let dataDir: string;
  let other: ChildProcess;
  let identity: ProcessIdentity;

  before(async () => {
    other = spawn(process.execPath, ['-e', "setInterval(() => {}, 1000); console.log('up')"], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(other.stdout ?? assert.fail('the output is a pipe'), 'data');
    identity = identify(other.pid ?? 0) ?? assert.fail('the process runs');
  });
  after(() => other.kill('SIGKILL'));
  beforeEach(() => {
    dataDir = newDirectory();
    mkdirSync(join(dataDir, 'run'));
  });

  const run = (command: string, environment: Record<string, string> = {}) => {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, DATA_DIR: dataDir, ...environment };
    return spawnSync(process.execPath, [cli, command], { encoding: 'utf8', env });
  };
  const holdLock = () => {
    const holder = { ...identity, purpose: 'npm start', since: '2026-01-01T00:00:00.000Z' };
    writeFileSync(join(dataDir, 'run/launcher.lock'), JSON.stringify(holder));
  };
  const record = (engine: ProcessIdentity) => {
    const processes = [{ ...engine, title: 'MongoDB', logFile: join(dataDir, 'logs/mongodb.log') }];
    const addresses = {
      temporal: '127.0.0.1:1',
      mongodb: 'mongodb://127.0.0.1:2',
      elasticsearch: 'http://127.0.0.1:3',
    };
    writeFileSync(join(dataDir, 'run/engines.json'), JSON.stringify({ addresses, processes }));
  };

  for (const command of ['up', 'down', 'reset']) {
    it(`${command} says who holds the engines and exits with 3`, () => {
      holdLock();
      const { status, stderr } = run(command);
      assert.equal(status, 3);
      assert.match(stderr, new RegExp(`held by process ${identity.pid} \\(npm start, since 2026-01-01`));
    });
  }

  it('up finds engines that run already, also those of another launcher, and prints their addresses', () => {
    holdLock();
    record(identity);
    const { status, stdout } = run('up');
    assert.equal(status, 0);
    assert.match(stdout, /running already/);
    assert.match(stdout, /^MONGODB_URL=mongodb:\/\/127\.0\.0\.1:2$/m);
  });

  it('up names a port that is taken, by whom, and how to choose another', async () => {
    const [free = 0] = await findFreePorts(1);
    const server = createServer().listen(free, '127.0.0.1');
    await once(server, 'listening');
    const mongod = join(dataDir, 'mongod');
    writeFileSync(mongod, '#!/bin/sh\n', { mode: 0o755 });
    const environment = {
      TEMPORAL_ADDRESS: 'x:1',
      ELASTICSEARCH_URL: 'http://x',
      MONGOD_BIN: mongod,
      MONGODB_PORT: String(free),
    };
    // Not spawnSync: the listener lives in this process.
    const child = spawn(process.execPath, [cli, 'up'], {
      env: { ...process.env, ...environment, DATA_DIR: dataDir, MONGODB_URL: '' },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [status] = await once(child, 'exit');
    server.close();
    assert.equal(status, 1);
    assert.match(
      stderr,
      new RegExp(`Port ${free} for MongoDB is taken by process ${process.pid}\\.\\n.*MONGODB_PORT=`),
    );
    assert.equal(existsSync(join(dataDir, 'run/launcher.lock')), false);
  });

  it('down does not touch a process that only has the pid of an engine of the past', () => {
    record({ pid: identity.pid, startTime: 'an earlier process' });
    const { status, stdout } = run('down');
    assert.equal(status, 0);
    assert.match(stdout, /No engines were running/);
    assert.equal(isAlive(identity), true);
  });

  it('down ends what is recorded and forgets it', async () => {
    const engine = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    record(identify(engine.pid ?? 0) ?? assert.fail('the process runs'));
    const { status, stdout } = run('down');
    assert.equal(status, 0);
    assert.match(stdout, /Ended: MongoDB/);
    assert.equal(engine.signalCode ?? (await once(engine, 'exit'))[1], 'SIGTERM');
    assert.equal(existsSync(join(dataDir, 'run/engines.json')), false);
  });

  it('status tells what runs, and exits with 1 when that is not everything', () => {
    record(identity);
    const running = run('status');
    assert.equal(running.status, 0);
    assert.match(running.stdout, new RegExp(`MongoDB +running, process ${identity.pid}`));
    record({ pid: identity.pid, startTime: 'an earlier process' });
    const ended = run('status');
    assert.equal(ended.status, 1);
    assert.match(ended.stdout, /MongoDB +ended/);
  });

  it('reset deletes the data of the engines and nothing else', () => {
    for (const folder of ['mongodb/db', 'temporal', 'elasticsearch/data', 'spool']) {
      mkdirSync(join(dataDir, folder), { recursive: true });
    }
    assert.equal(run('reset').status, 0);
    for (const folder of ['mongodb', 'temporal', 'elasticsearch'])
      assert.equal(existsSync(join(dataDir, folder)), false);
    assert.equal(existsSync(join(dataDir, 'spool')), true);
  });

  it('doctor exits with 0 or 1 as it finds, and says what to do about a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const { status, stdout } = run('doctor', { MONGODB_PORT: String(port) });
    server.close();
    assert.equal(status, 1);
    assert.match(
      stdout,
      new RegExp(`✗ Port ${port}: wanted for mongodb, taken by process ${process.pid}\\n +End that process`),
    );
    for (const subject of ['Node', 'Disk', 'Python', 'Maven', 'Java', 'Elasticsearch']) {
      assert.match(stdout, new RegExp(`^[✓!✗] ${subject}: `, 'm'));
    }
  });

  it('refuses a command that it does not know, and lists those it knows', () => {
    const { status, stderr } = run('destroy');
    assert.equal(status, 1);
    assert.match(stderr, /Unknown command "destroy"\.\nThere are: up, down, status, doctor, reset/);
  });

  it('refuses a setting that makes no sense, by its name', () => {
    const { status, stderr } = run('status', { MONGODB_PORT: 'x' });
    assert.equal(status, 1);
    assert.equal(stderr.trim().split('\n')[0], 'MONGODB_PORT is "x"');
  });
});
