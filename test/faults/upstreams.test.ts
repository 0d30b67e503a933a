import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { relay } from '../../src/activities/relay/relay.ts';
import { createHttp } from '../../src/adapters/http/client.ts';
import { createMistralVendor } from '../../src/adapters/providers/mistral.ts';
import { createOpenAiVendor } from '../../src/adapters/providers/openai.ts';
import type { Vendor } from '../../src/adapters/providers/vendor.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import type { WireRequest } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { inLanes } from '../../src/core/in-lanes.ts';
import { startTestApp, type TestApp, type TestCaller } from '../helpers/app.ts';
import { buildCall } from '../helpers/calls.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';
import { type Answer, type FakeUpstream, type Respond, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { defaultHttpSettings } from '../helpers/http-settings.ts';
import { buildProvider, buildRouter } from '../helpers/models.ts';
import { offerRouter } from '../helpers/offered-model.ts';
import { createTestServe } from '../helpers/serving.ts';
import { chooseSeed, seededRandom } from '../helpers/stack.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { chatStream, failure, speaksOpenAi } from '../helpers/wire/openai.ts';

const requests = 2_000;
const lanes = 20;
const said = { text: ['Hello', ' there.'] };
const works = speaksOpenAi(said);
const MiB = 1024 * 1024;

/** Ways to fail before anything was heard: an answer that is wanted whole is not heard before its end. */
const troubles: readonly Answer[] = [
  failure(500, 'oops'),
  failure(502, 'bad gateway'),
  failure(503, 'overloaded'),
  failure(529, 'overloaded'),
  { headers: { 'content-type': 'application/json' }, body: ['{"id":'], ending: 'cut' },
  // Cut off further up, where the connection was closed properly.
  { headers: { 'content-type': 'application/json' }, body: ['{"id":'] },
  { headers: { 'content-type': 'application/json' }, body: [] },
];

describe('upstreams under load', () => {
  const seed = chooseSeed();
  const random = seededRandom(seed);
  let app: TestApp;
  let a: FakeUpstream;
  let b: FakeUpstream;
  let caller: TestCaller;

  before(async () => {
    [app, a, b] = await Promise.all([startTestApp(), startFakeUpstream(), startFakeUpstream()]);
    // The first estimate of a process loads its table, which takes a second of everybody's time.
    await app.deps.tokens.ready();
  });
  after(async () => {
    await app.stop();
    await Promise.all([a.close(), b.close()]);
  });

  /** A new model with new providers, about which nothing is known yet, and a caller who may use it. */
  async function offer(name: string, ...urls: readonly string[]): Promise<string> {
    await offerRouter(
      app,
      name,
      urls.map((url) => ({ url })),
    );
    caller = await app.signUp();
    a.reset();
    b.reset();
    return name;
  }

  async function chat(model: string, stream = false): Promise<number> {
    const body = { model, messages: [{ role: 'user', content: 'Hi' }], stream };
    const response = await caller.request('POST', '/v1/chat/completions', { body });
    const text = await response.text();
    const isWhole = stream ? text.includes('[DONE]') && !text.includes('"error"') : text.includes('Hello there.');
    return response.ok && !isWhole ? 0 : response.status;
  }

  /** How often each status was answered to `count` requests, 20 at a time, every second one streamed. */
  async function statuses(model: string, count: number): Promise<Record<number, number>> {
    const seen: Record<number, number> = {};
    await inLanes([...Array(count).keys()], lanes, new AbortController().signal, async (request) => {
      const status = await chat(model, request % 2 === 1);
      seen[status] = (seen[status] ?? 0) + 1;
    });
    return seen;
  }

  function failing(share: number): Respond {
    return (asked) => {
      if (random() >= share) return works(asked);
      return troubles[Math.floor(random() * troubles.length)] ?? failure(500, 'oops');
    };
  }

  it(`one of two failing 30 % of its calls: at least 99.9 % of requests succeed (seed ${seed})`, async () => {
    const model = await offer('one-flaky', a.url, b.url);
    a.respond(failing(0.3));
    b.respond(works);
    const seen = await statuses(model, requests);
    assert.ok((seen[200] ?? 0) >= requests * 0.999, JSON.stringify(seen));
    assert.ok(a.ledger.length > requests / 4, `the flaky one was asked ${a.ledger.length} times`);
  });

  it('one of two breaking off after its first words: whole answers are made by the other', async () => {
    const providers = [a.url, b.url].map((url) => ({ url, vendor: 'mistral' as const }));
    await offerRouter(app, 'breaks-off', providers);
    caller = await app.signUp();
    a.reset();
    // Words are counted here where nobody says how many there were.
    b.respond(speaksOpenAi({ ...said, usage: null }));
    const { body = [], ...head } = chatStream(said);
    a.respond({ ...head, body: body.slice(0, 3), ending: 'cut' });
    for (let request = 0; request < 20; request += 1) {
      const messages = [{ role: 'user', content: 'Hi' }];
      const answer = await caller.json<{ choices: unknown[]; usage: { completion_tokens: number } }>(
        'POST',
        '/v1/chat/completions',
        { body: { model: 'breaks-off', messages } },
      );
      assert.deepEqual(
        answer.choices.map((choice) => (choice as { message: { content: string } }).message.content),
        ['Hello there.'],
      );
      assert.equal(answer.usage.completion_tokens, 3, 'only the words that were heard are counted');
    }
    assert.ok(a.ledger.length > 0);
  });

  it(`both failing 10 % of their calls: no more requests fail than three attempts in a row (seed ${seed})`, async () => {
    const model = await offer('both-flaky', a.url, b.url);
    a.respond(failing(0.1));
    b.respond(failing(0.1));
    const seen = await statuses(model, requests);
    // One in a thousand on average; by chance no more than four standard deviations beyond that.
    const expected = requests * 0.1 ** 3;
    const failed = requests - (seen[200] ?? 0);
    assert.ok(failed <= expected + 4 * Math.sqrt(expected), JSON.stringify(seen));
  });

  it('both failing all of their calls: they get at most 1.1 times the requests', async () => {
    const model = await offer('outage', a.url, b.url);
    a.respond(failing(1));
    b.respond(failing(1));
    const seen = await statuses(model, requests);
    assert.equal(seen[200], undefined);
    const attempts = a.ledger.length + b.ledger.length;
    assert.ok(attempts <= requests * 1.1, String(attempts));
  });

  it('many callers at once get one call per Retry-After through, until it is accepted', async () => {
    const model = await offer('throttled', a.url);
    const { headers, ...rest } = failure(429, 'slow down');
    a.respond({ ...rest, headers: { ...headers, 'retry-after': '1' } });
    await chat(model);
    const before = a.ledger.length;
    await statuses(model, lanes);
    const times = a.ledger.slice(before - 1).map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(gaps.length > 0 && gaps.every((gap) => gap >= 990), gaps.join());
  });

  it('a caller who reads nothing holds the upstream back, and memory stays as it is', async () => {
    const model = await offer('slow-reader', a.url);
    const [head = '', first = '', ...rest] = chatStream(said).body?.filter((piece) => typeof piece === 'string') ?? [];
    const long = first.replace('Hello', 'x'.repeat(64 * 1024));
    a.respond({ ...chatStream(said), body: [head, ...Array<string>(4_000).fill(long), ...rest] });
    const leaving = new AbortController();
    const body = { model, messages: [{ role: 'user', content: 'Hi' }], stream: true };
    const rssBefore = process.memoryUsage().rss;
    const { signal } = leaving;
    const response = await caller.request('POST', '/v1/chat/completions', { body, signal });
    const reader = response.body?.getReader();
    await reader?.read();
    let highest = 0;
    const until = Date.now() + 3_000;
    await waitFor('three seconds of not reading', () => {
      highest = Math.max(highest, process.memoryUsage().rss);
      return Date.now() >= until;
    });
    // All of it would be 250 MiB.
    assert.ok(highest - rssBefore < 64 * MiB, `${Math.round((highest - rssBefore) / MiB)} MiB`);
    assert.equal(a.ledger[0]?.answered, false);
    const leftAt = Date.now();
    leaving.abort();
    await waitFor('the upstream to be left', () => (a.ledger[0]?.abandonedAt ?? null) !== null, 5_000);
    assert.ok((a.ledger[0]?.abandonedAt ?? 0) - leftAt <= 1_000);
  });
});

describe('a stream that is cut', () => {
  const http = createHttp(defaultHttpSettings);
  const vendors = { openai: createOpenAiVendor({ http, clock: Date }), mistral: createMistralVendor({ http }) };
  const words = Array.from({ length: 12 }, (_, index) => ` wörd-${index} 🚂`);
  const whole = chatStream({ ...said, text: words });
  const bytes = Buffer.concat((whole.body ?? []).map((piece) => Buffer.from(String(piece))));
  /** From here on everything has been said, whatever becomes of the connection. */
  const saidAll = bytes.lastIndexOf('[DONE]') + '[DONE]\n'.length;
  let upstream: FakeUpstream;

  before(async () => {
    upstream = await startFakeUpstream();
  });
  after(async () => {
    await upstream.close();
    await http.close();
  });

  const request = buildChatRequest();
  const wire: WireRequest = {
    dialect: 'openai-chat',
    bytes: new TextEncoder().encode(JSON.stringify({ model: 'model', messages: [], stream: true })),
    stream: true,
    hidesUsage: true,
  };

  /** How the answer to a request ends whose upstream is cut after `length` bytes. Nothing is known of it before. */
  async function endOf(vendor: Vendor, isRelayed: boolean, length: number): Promise<'clean' | GatewayError> {
    const settings = { maxAttempts: 1, maxWaitMs: 0, maxWaiting: 1 };
    const provider = buildProvider({ vendor: 'openai', url: `${upstream.url}${length}/` });
    const router = buildRouter({ providers: [provider], type: 'text-generation' });
    const ignore = () => undefined;
    const hooks = { onUsage: ignore, onEnd: ignore, onFrames: ignore, onText: ignore };
    const parts = createTestServe(() => vendor, {}, settings).stream<ChatPart>(
      router,
      buildCall(),
      (generate, chosen) => {
        const translate = () => generate({ ...chosen, request });
        return isRelayed ? relay(chosen as Parameters<typeof relay>[0], wire, 'model', hooks, translate) : translate();
      },
      () => undefined,
    );
    try {
      for await (const _part of parts);
      return 'clean';
    } catch (error) {
      assert.ok(error instanceof GatewayError, String(error));
      return error;
    }
  }

  for (const [name, vendor, isRelayed] of [
    ['passed on', vendors.openai, true],
    ['translated', vendors.openai, false],
    ['translated for another vendor', vendors.mistral, false],
  ] as const) {
    it(`at any of its ${bytes.length} bytes never ends as if it were whole (${name})`, async () => {
      assert.ok(bytes.length > 3_500);
      upstream.respond(({ path }) => {
        const length = Number(path.split('/')[1]);
        return { ...whole, body: [bytes.subarray(0, length)], ending: length === bytes.length ? 'end' : 'cut' };
      });
      const ends = new Map<number, string>();
      const lengths = [...Array(bytes.length + 1).keys()];
      await inLanes(lengths, 16, new AbortController().signal, async (length) => {
        const end = await endOf(vendor, isRelayed, length);
        ends.set(length, end === 'clean' ? end : end.code);
      });
      assert.equal(ends.get(bytes.length), 'clean');
      const wrong = lengths.filter((length) => length < saidAll && ends.get(length) !== 'upstream_error');
      assert.deepEqual(wrong, []);
    });
  }
});
