import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Config, ConfigError, loadConfig, loadWorkerConfig, parseConfig } from '../src/config.ts';

describe('models in the configuration', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'config-'));
  });
  after(() => rm(dir, { recursive: true }));

  async function load(yaml: string, environment: Record<string, string> = {}): Promise<Config> {
    const file = join(dir, 'switchyard.yaml');
    await writeFile(file, yaml);
    return loadConfig({ SWITCHYARD_CONFIG: file, ...environment });
  }

  async function refusal(yaml: string, environment: Record<string, string> = {}): Promise<string> {
    try {
      await load(yaml, environment);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.message.replaceAll(dir, '');
    }
    throw new Error('it was taken');
  }

  const openai = '{type: openai, model: m}';
  const router = (fields: string) =>
    `routers:\n  - {name: a, type: text-generation, providers: [${openai}], ${fields}}`;

  it('have the defaults of the API', async () => {
    const { routers } = await load(router(''));
    assert.deepEqual(routers, [
      {
        name: 'a',
        type: 'text-generation',
        aliases: [],
        strategy: 'shuffle',
        promptPriceMicros: 0,
        completionPriceMicros: 0,
        providers: [
          {
            vendor: 'openai',
            url: 'https://api.openai.com/',
            key: null,
            modelName: 'm',
            timeoutMs: 300_000,
            hostingZone: 'WOR',
            totalParams: 0,
            activeParams: 0,
            qosMetric: null,
            qosLimit: null,
          },
        ],
      },
    ]);
  });

  it('may refer to variables, and to what stands for them', async () => {
    const yaml = `
      routers:
        - name: a
          type: text-generation
          providers:
            - {type: vllm, url: 'http://\${HOST_OF_GPU:-localhost}:8000/v1', key: '\${GPU_KEY}', model: m}`;
    const [first] = (await load(yaml, { GPU_KEY: 'secret' })).routers[0]?.providers ?? [];
    assert.deepEqual([first?.url, first?.key], ['http://localhost:8000/', 'secret']);
    const [second] = (await load(yaml, { GPU_KEY: 'secret', HOST_OF_GPU: 'gpu' })).routers[0]?.providers ?? [];
    assert.equal(second?.url, 'http://gpu:8000/');
    assert.match(await refusal(yaml), /refers to GPU_KEY, which is not set/);
  });

  it('are refused, all faults at once, where they cannot be as they are written', async () => {
    assert.match(await refusal(router('color: red')), /color/);
    assert.match(await refusal(router('strategy: best')), /routers\.0\.strategy/);
    assert.match(await refusal(router('prices: {prompt: -1}')), /routers\.0\.prices\.prompt/);
    const wrong = `
      routers:
        - {name: a, type: text-generation, providers: [{type: tei, url: 'http://h/', model: m}]}
        - {name: a, type: text-generation, providers: [{type: vllm, model: m}]}
        - {name: b, type: text-generation, providers: []}`;
    const message = await refusal(wrong);
    assert.match(message, /routers\.0\.providers\.0\.type: tei cannot do what/);
    assert.match(message, /routers\.1\.providers\.0\.url: URL is required/);
    assert.match(message, /routers\.2\.providers/);
    const twice = `routers: [${['a', 'b'].map((name) => `{name: ${name}, aliases: [c], type: text-generation, providers: [${openai}]}`)}]`;
    assert.match(await refusal(twice), /routers\.1: another router has the name or alias c/);
  });

  it('come from every vendor whose variables are set, and from no other', async () => {
    const { vendors } = await load('', {
      OPENAI_API_KEY: 'sk-1',
      OPENAI_BASE_URL: 'http://proxy.example/v1',
      MISTRAL_API_KEY: '',
      AZURE_OPENAI_API_KEY: 'without an endpoint',
      VLLM_API_KEY: 'without an address',
      OLLAMA_HOST: '0.0.0.0',
    });
    assert.deepEqual(vendors, [
      { vendor: 'openai', url: 'http://proxy.example/', key: 'sk-1', source: 'OPENAI_API_KEY' },
      { vendor: 'ollama', url: 'http://127.0.0.1:11434/', key: null, source: 'OLLAMA_HOST' },
    ]);
  });

  it('take the address of Ollama as Ollama writes it', async () => {
    const addresses = {
      'gpu:9999': 'http://gpu:9999/',
      gpu: 'http://gpu:11434/',
      'https://ollama.example': 'https://ollama.example/',
      'http://gpu:11434/': 'http://gpu:11434/',
    };
    for (const [OLLAMA_HOST, url] of Object.entries(addresses)) {
      assert.equal((await load('', { OLLAMA_HOST })).vendors[0]?.url, url);
    }
  });

  it('take the version of an address on Azure', async () => {
    const AZURE_OPENAI_ENDPOINT = 'https://mine.openai.azure.com/?api-version=2024-10-21';
    const { vendors } = await load('', { AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY: 'k' });
    assert.equal(vendors[0]?.url, AZURE_OPENAI_ENDPOINT);
  });

  it('are those of the file alone where it names any', async () => {
    const OPENAI_API_KEY = 'sk-1';
    assert.deepEqual((await load(router(''), { OPENAI_API_KEY })).vendors, []);
    const { vendors } = await load(`vendors: [{type: openai, key: '\${OPENAI_API_KEY}'}]`, { OPENAI_API_KEY });
    assert.deepEqual(
      vendors.map(({ vendor, key, source }) => [vendor, key, source]),
      [['openai', 'sk-1', 'vendors of switchyard.yaml']],
    );
    assert.equal((await load('http: {port: 9000}', { OPENAI_API_KEY })).vendors.length, 1);
  });

  it('are none of a worker, which shares the file without their keys', async () => {
    const file = join(dir, 'switchyard.yaml');
    await writeFile(
      file,
      `
      jobs: {maxAttempts: 9}
      routers:
        - {name: a, type: text-generation, providers: [{type: openai, key: '\${OPENAI_API_KEY}', model: m}]}
      vendors:
        - {type: anthropic, key: '\${ANTHROPIC_API_KEY}'}`,
    );
    const config = loadWorkerConfig({ SWITCHYARD_CONFIG: file, MISTRAL_API_KEY: 'k', LOG_LEVEL: 'warn' });
    assert.deepEqual([config.jobs.maxAttempts, config.logLevel, config.routers, config.vendors], [9, 'warn', [], []]);
    assert.throws(() => loadWorkerConfig({ SWITCHYARD_CONFIG: file, PORT: 'none' }), ConfigError);
  });
});

describe('bounds in the configuration', () => {
  it('leave the step that sends a webhook the time to write down what came of it', () => {
    const timeoutOf = (timeoutMs: number) => parseConfig({ webhooks: { timeoutMs } }).webhooks.timeoutMs;
    assert.equal(timeoutOf(90_000), 90_000);
    assert.throws(() => timeoutOf(90_001), /webhooks\.timeoutMs/);
  });
});
