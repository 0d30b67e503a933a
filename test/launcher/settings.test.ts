import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withConfigured } from '../../engines/configured.ts';
import { readSettings } from '../../engines/settings.ts';

const project = join(import.meta.dirname, '../..');

describe('the settings of the launcher', () => {
  it('have the usual ports and keep everything in .data of the project', () => {
    const settings = readSettings({});
    assert.deepEqual(settings.ports, { temporal: 7233, temporalUi: 8233, mongodb: 27017, elasticsearch: 9200 });
    assert.equal(settings.dataDir, join(project, '.data'));
    assert.equal(settings.cacheDir, join(project, '.data/engines'));
    assert.equal(settings.allowDownload, true);
    assert.deepEqual(settings.addresses, {});
    assert.deepEqual(settings.programs, {});
  });

  it('take addresses, programs, ports, heap and folders from the environment', () => {
    const settings = readSettings({
      TEMPORAL_ADDRESS: 'temporal:7233',
      MONGODB_URL: 'mongodb://db',
      ELASTICSEARCH_URL: 'http://es:9200',
      MONGOD_BIN: '/opt/mongod',
      MONGODB_PORT: '28000',
      ELASTICSEARCH_HEAP: '1g',
      DATA_DIR: '/var/lib/switchyard',
      ENGINES_ALLOW_DOWNLOAD: '0',
    });
    assert.deepEqual(settings.addresses, {
      temporal: 'temporal:7233',
      mongodb: 'mongodb://db',
      elasticsearch: 'http://es:9200',
    });
    assert.deepEqual(settings.programs, { mongodb: '/opt/mongod' });
    assert.equal(settings.ports.mongodb, 28_000);
    assert.equal(settings.elasticsearchHeap, '1g');
    assert.equal(settings.dataDir, '/var/lib/switchyard');
    assert.equal(settings.allowDownload, false);
  });

  it('take an empty variable as absent', () => {
    const settings = readSettings({ TEMPORAL_ADDRESS: '', MONGODB_PORT: '', DATA_DIR: '' });
    assert.deepEqual(settings.addresses, {});
    assert.equal(settings.ports.mongodb, 27_017);
    assert.equal(settings.dataDir, join(project, '.data'));
  });

  it('take from switchyard.yaml what the environment does not say', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'settings-'));
    const file = join(folder, 'own.yaml');
    const engines = 'mongodb: {url: "mongodb://file"}\nelasticsearch: {url: "http://file:9200"}';
    await writeFile(file, `dataDir: /srv/data\nhttp: {port: 9000}\n${engines}\n`);
    const environment = withConfigured({ SWITCHYARD_CONFIG: file, ELASTICSEARCH_URL: 'http://es:9200', DATA_DIR: '' });
    await rm(folder, { recursive: true });
    const { addresses, dataDir } = readSettings(environment);
    assert.deepEqual(addresses, { mongodb: 'mongodb://file', elasticsearch: 'http://es:9200' });
    assert.equal(dataDir, '/srv/data');
    assert.equal(environment['PORT'], '9000');
  });

  it('say which file cannot be read', () => {
    assert.throws(() => withConfigured({ SWITCHYARD_CONFIG: '/nowhere.yaml' }), {
      name: 'LauncherError',
      message: /Cannot read \/nowhere\.yaml/,
    });
  });

  for (const [variable, value] of [
    ['MONGODB_PORT', 'many'],
    ['TEMPORAL_PORT', '0'],
    ['ELASTICSEARCH_PORT', '65536'],
    ['ELASTICSEARCH_HEAP', 'much'],
  ] as const) {
    it(`refuse ${variable}=${value} by its name`, () => {
      assert.throws(() => readSettings({ [variable]: value }), {
        name: 'LauncherError',
        message: `${variable} is "${value}"`,
      });
    });
  }
});
