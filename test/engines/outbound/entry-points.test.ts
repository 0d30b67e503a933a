import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { inLanes } from '../../../src/core/in-lanes.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, jsonAnswer, sseAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { hostileAddresses } from '../../helpers/hostile-addresses.ts';
import { offerModel, offerRouter } from '../../helpers/offered-model.ts';

const saysHello = jsonAnswer({
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** A door of the product that an address can be put into. */
interface EntryPoint {
  name: string;
  knock(address: string): Promise<Response>;
}

const { signal } = new AbortController();
/** Names that no server knows are waited for together. */
const lanes = 16;

let app: TestApp;
let admin: TestCaller;
let user: TestCaller;
let canary: FakeUpstream;
let upstream: FakeUpstream;
let routerId: number;
let endpointId: string;
before(async () => {
  canary = await startFakeUpstream(saysHello);
  upstream = await startFakeUpstream(saysHello);
  app = await startTestApp({ config: { outbound: { allowedCidrs: [] }, webhooks: { allowHttp: true } } });
  for (const vendor of ['vllm', 'ollama', 'openai'] as const) {
    await offerModel(app, { name: `${vendor} sees`, url: upstream.url, vendor });
  }
  const relay = {
    vendor: 'openai',
    url: upstream.url,
    sealedKey: app.deps.secrets.seal('sk-of-the-operator'),
  } as const;
  await offerRouter(app, 'with the operator’s key', [relay]);
  admin = await app.signUp('admin');
  user = await app.signUp();
  // Public, and told of nothing: its owner has no jobs.
  const body = { url: 'https://93.184.215.14/hook' };
  ({ id: endpointId } = await user.json<{ id: string }>('POST', endpoints, { body }));
  const router = { name: 'of the administrator', type: 'text-generation' };
  ({ id: routerId } = await admin.json<{ id: number }>('POST', '/v1/admin/routers', { body: router }));
});
beforeEach(() => {
  canary.reset();
  upstream.reset();
});
after(async () => {
  await app.stop();
  await canary.close();
  await upstream.close();
});

function addProvider(url: string, more: object = {}): Promise<Response> {
  const body = { router: routerId, type: 'vllm', url, model_name: `m-${crypto.randomUUID()}`, ...more };
  return admin.request('POST', '/v1/admin/providers', { body });
}

function ask(model: string, part: object, more: object = {}): Promise<Response> {
  const body = { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, part] }], ...more };
  return user.request('POST', '/v1/chat/completions', { body });
}

const image = (url: string) => ({ type: 'image_url', image_url: { url } });

function respond(model: string, part: object): Promise<Response> {
  return user.request('POST', '/v1/responses', { body: { model, input: [{ role: 'user', content: [part] }] } });
}

const endpoints = '/v1/webhooks/endpoints';

const hello = { model: 'vllm sees', messages: [{ role: 'user', content: 'Hello' }] };

const entryPoints: readonly EntryPoint[] = [
  {
    name: 'the webhook of a job',
    knock: (webhook) =>
      user.request('POST', '/v1/jobs', { body: { endpoint: '/v1/chat/completions', body: hello, webhook } }),
  },
  { name: 'a webhook endpoint', knock: (url) => user.request('POST', endpoints, { body: { url } }) },
  {
    name: 'a webhook endpoint that is moved',
    knock: (url) => user.request('PATCH', `${endpoints}/${endpointId}`, { body: { url } }),
  },
  { name: 'POST /v1/admin/providers', knock: (url) => addProvider(url) },
  { name: 'a picture for vLLM, relayed otherwise', knock: (url) => ask('vllm sees', image(url)) },
  { name: 'a picture for Ollama, which wants bytes', knock: (url) => ask('ollama sees', image(url)) },
  { name: 'a picture for a server that speaks as OpenAI', knock: (url) => ask('openai sees', image(url)) },
  { name: 'a picture in a stream', knock: (url) => ask('vllm sees', image(url), { stream: true }) },
  {
    name: 'a file by its address',
    knock: (url) => ask('openai sees', { type: 'file', file: { file_data: url, filename: 'a.pdf' } }),
  },
  {
    name: 'a picture in /v1/responses',
    knock: (url) => respond('vllm sees', { type: 'input_image', image_url: url }),
  },
  { name: 'a file in /v1/responses', knock: (url) => respond('vllm sees', { type: 'input_file', file_url: url }) },
];

describe('the corpus of hostile addresses', () => {
  for (const { name, knock } of entryPoints) {
    it(`is refused as a whole by ${name}`, async () => {
      await inLanes(hostileAddresses(canary.url), lanes, signal, async (address) => {
        const response = await knock(address);
        const text = await response.text();
        assert.ok([400, 422].includes(response.status), `${address}: ${response.status} ${text}`);
        assert.doesNotMatch(text, /, port|ENOTFOUND|ECONNREFUSED|has no address/, address);
      });
      assert.equal(canary.ledger.length, 0);
      assert.equal(upstream.ledger.length, 0, 'no address is passed on to be fetched from inside');
    });
  }

  it('is told to no upstream by a field that is unknown here, whatever the part claims to be', async () => {
    const smuggled = (type: string, url: string) => ({
      type,
      text: 'x',
      uuid: 'a',
      image_url: { url },
      video_url: url,
    });
    await inLanes(hostileAddresses(canary.url), lanes, signal, async (address) => {
      for (const model of ['vllm sees', 'openai sees']) {
        await (await ask(model, smuggled('text', address))).text();
        await (await ask(model, smuggled('text', address), { stream: true })).text();
        const input = [{ role: 'user', content: [smuggled('input_text', address)] }];
        const body = { model, input, store: false };
        await (await user.request('POST', '/v1/responses', { body })).text();
      }
    });
    assert.ok(upstream.ledger.length > 0, 'the rest of the request is asked');
    for (const { text } of upstream.ledger) assert.doesNotMatch(text, /uuid|image_url|video_url/);
    assert.equal(canary.ledger.length, 0);
  });

  it('is refused as a whole by calls of a provider that was stored with it', async () => {
    const corpus = hostileAddresses(canary.url);
    const provider = { vendor: 'vllm', namedBy: 'caller' } as const;
    for (const [index, url] of corpus.entries()) await offerRouter(app, `stored ${index}`, [{ ...provider, url }]);
    const caller = await app.signUp();
    // Side by side: each is tried more than once.
    await inLanes([...corpus.entries()], corpus.length, signal, async ([index, address]) => {
      const body = { model: `stored ${index}`, messages: [{ role: 'user', content: 'Hello' }] };
      const { status } = await caller.request('POST', '/v1/chat/completions', { body });
      assert.ok(status >= 500, `${address}: ${status}`);
    });
    assert.equal(canary.ledger.length, 0);
  });
});

describe('the guard, where the operator means it otherwise', () => {
  let open: TestApp;
  before(async () => {
    open = await startTestApp({ config: { outbound: { allowedCidrs: ['127.0.0.0/8'] } } });
    await offerModel(open, { name: 'vllm sees', url: upstream.url, vendor: 'vllm' });
  });
  after(() => open.stop());

  it('lets an administrator name a deployment in an allowed range', async () => {
    canary.respond(({ path }) => (path === '/v1/models' ? jsonAnswer({ data: [{ id: 'm' }] }) : saysHello));
    const boss = await open.signUp('admin');
    const router = { name: 'near', type: 'text-generation' };
    const { id } = await boss.json<{ id: number }>('POST', '/v1/admin/routers', { body: router });
    const provider = { router: id, type: 'vllm', url: canary.url, model_name: 'm' };
    await boss.json('POST', '/v1/admin/providers', { body: provider });
    const body = { model: 'near', messages: [{ role: 'user', content: 'Hello' }] };
    await boss.json('POST', '/v1/chat/completions', { body });
    assert.deepEqual(
      canary.ledger.map(({ path }) => path),
      ['/v1/models', '/v1/chat/completions'],
    );
  });

  it('fetches a picture in an allowed range, and hands on what it is', async () => {
    const png = Buffer.from('89504e470d0a1a0a00', 'hex');
    canary.respond({ headers: { 'content-type': 'image/png' }, body: [png] });
    upstream.respond(sseAnswer([{ ...JSON.parse(String(saysHello.body?.[0])), object: 'x' }, '[DONE]']));
    const caller = await open.signUp();
    const body = { model: 'vllm sees', messages: [{ role: 'user', content: [image(`${canary.url}a.png`)] }] };
    await caller.request('POST', '/v1/chat/completions', { body });
    assert.deepEqual(
      canary.ledger.map(({ path }) => path),
      ['/a.png'],
    );
    const sent = `data:image/png;base64,${png.toString('base64')}`;
    assert.ok(upstream.ledger[0]?.text.includes(sent));
    assert.ok(!upstream.ledger[0]?.text.includes(canary.url));
  });

  it('CVE-2024-6587: a deployment that a caller names gets no key but the caller’s', async () => {
    canary.respond(jsonAnswer({ data: [{ id: 'm' }] }));
    const boss = await open.signUp('admin');
    const router = { name: 'keyless', type: 'text-generation' };
    const { id } = await boss.json<{ id: number }>('POST', '/v1/admin/routers', { body: router });
    const provider = { router: id, type: 'openai', url: canary.url, model_name: 'm' };
    await boss.json('POST', '/v1/admin/providers', { body: provider });
    assert.ok(canary.ledger.length > 0);
    for (const { headers } of canary.ledger) assert.equal(headers.authorization, undefined);
  });
});

describe('faults that other gateways had', () => {
  const fields = ['api_base', 'base_url', 'api_url', 'custom_api_base', 'model_list', 'user_config', 'fallbacks'];
  const headers = ['x-openai-base-url', 'x-api-base', 'x-portkey-custom-host', 'helicone-openai-api-base'];

  it('CVE-2024-6587: no field and no header of a call leads the operator’s key elsewhere', async () => {
    const url = canary.url;
    for (const field of fields) {
      const body = { model: 'with the operator’s key', messages: [{ role: 'user', content: 'Hi' }], [field]: url };
      await (await user.request('POST', '/v1/chat/completions', { body })).text();
    }
    for (const header of headers) {
      const body = { model: 'with the operator’s key', messages: [{ role: 'user', content: 'Hi' }] };
      await (await user.request('POST', '/v1/chat/completions', { body, headers: { [header]: url } })).text();
    }
    assert.equal(canary.ledger.length, 0);
    const asked = upstream.ledger.filter((one) => one.headers.authorization === 'Bearer sk-of-the-operator');
    assert.ok(asked.length >= headers.length, 'the calls themselves did go where they should');
  });

  it('CVE-2026-12798: no specification or schema is loaded from where a caller says', async () => {
    const remote = { $ref: `${canary.url}schema.json` };
    const format = {
      type: 'json_schema',
      json_schema: { name: 'x', schema: { type: 'object', properties: { a: remote } } },
    };
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { a: remote } } } },
    ];
    const messages = [{ role: 'user', content: 'Hi' }];
    for (const model of ['vllm sees', 'ollama sees', 'openai sees']) {
      const body = { model, messages, response_format: format, tools };
      await (await user.request('POST', '/v1/chat/completions', { body })).text();
    }
    const mcp = [{ type: 'mcp', server_label: 'x', server_url: canary.url }];
    await user.request('POST', '/v1/responses', { body: { model: 'vllm sees', input: 'Hi', tools: mcp } });
    assert.equal(canary.ledger.length, 0);
    assert.ok(upstream.ledger.length > 0);
  });
});
