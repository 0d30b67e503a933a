import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Serve, Upstream } from '../../../src/activities/routing/serve.ts';
import type { Call, Served } from '../../../src/core/call.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import type { ModelProvider, ModelRouter } from '../../../src/core/models.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildProvider, buildRouter, testSecrets } from '../../helpers/models.ts';
import { countLoad, createTestServe } from '../../helpers/serving.ts';

type Answer = (upstream: Upstream) => AsyncIterable<string>;

/** What each provider does when it is asked, by id. */
type Script = Record<number, Answer>;

function says(...words: string[]): Answer {
  return async function* () {
    yield* words;
  };
}

function fails(code: ErrorCode, retryAfterMs?: number): Answer {
  return () => failing(new GatewayError(code, `no: ${code}`, retryAfterMs === undefined ? {} : { retryAfterMs }));
}

async function* failing(error: Error): AsyncGenerator<string> {
  yield await Promise.reject<string>(error);
}

/** Says a word, then nothing until it is stopped. */
function stalls(...words: string[]): Answer {
  return async function* ({ signal }) {
    yield* words;
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      if (signal.aborted) reject(signal.reason);
    });
  };
}

/** Providers 1, 2, …, tried in this order by `first`: the lower the id, the more it is preferred. */
function routerOf(...providers: Partial<ModelProvider>[]): ModelRouter {
  const built = providers.map((changes, index) => buildProvider({ id: index + 1, vendor: 'openai', ...changes }));
  return buildRouter({ strategy: 'least_busy', providers: built });
}

const settings = { maxAttempts: 3, maxWaitMs: 400, maxWaiting: 10 };
const vendor = { generate: () => assert.fail('`open` is what is called'), close: async () => undefined };

/** Later providers look busier, so that the order is known; backoff is nothing unless `random` says otherwise. */
function createOrderedServe(changes: Parameters<typeof createTestServe>[1] = {}, random = () => 0): Serve {
  const providerLoad = countLoad({ 1: 0, 2: 1_000, 3: 2_000, 4: 3_000, 5: 4_000 });
  return createTestServe(() => vendor, { providerLoad, ...changes }, settings, random);
}

interface Heard {
  words: string[];
  asked: number[];
  served: Served | null;
}

async function ask(serve: Serve, router: ModelRouter, script: Script, changes: Partial<Call> = {}, origin?: string) {
  const heard: Heard = { words: [], asked: [], served: null };
  const call = buildCall({ served: (by) => (heard.served = by), ...changes });
  const open = (_generate: unknown, upstream: Upstream) => {
    heard.asked.push(upstream.provider.id);
    return (script[upstream.provider.id] ?? says('hello'))(upstream);
  };
  const parts = serve.stream(router, call, open, () => undefined, origin ?? null);
  try {
    for await (const word of parts) heard.words.push(word);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return { ...heard, error };
  }
  return { ...heard, error: null };
}

describe('a request whose provider fails before it says anything', () => {
  const passing: ErrorCode[] = [
    'upstream_error',
    'upstream_timeout',
    'upstream_auth_error',
    'rate_limit_exceeded',
    'overloaded',
    'internal_error',
  ];
  for (const code of passing) {
    it(`goes to the next provider on ${code}`, async () => {
      const { words, asked, served } = await ask(createOrderedServe(), routerOf({}, {}), { 1: fails(code) });
      assert.deepEqual([words, asked], [['hello'], [1, 2]]);
      assert.deepEqual(served, { provider: 'openai-2', attempts: 2, upstreamRequestId: null, ignored: [] });
    });
  }

  for (const code of ['upstream_rejected', 'context_length_exceeded', 'invalid_request'] as const) {
    it(`is refused at once with ${code}`, async () => {
      const { error, asked } = await ask(createOrderedServe(), routerOf({}, {}), { 1: fails(code) });
      assert.deepEqual([error?.code, asked], [code, [1]]);
    });
  }

  it('goes to the next provider when the answer is empty', async () => {
    assert.deepEqual((await ask(createOrderedServe(), routerOf({}, {}), { 1: says() })).asked, [1, 2]);
  });

  it('goes to the next provider when the time of the first is over before it begins', async () => {
    const router = routerOf({ timeoutMs: 30 }, {});
    assert.deepEqual((await ask(createOrderedServe(), router, { 1: stalls() })).asked, [1, 2]);
    const { error } = await ask(createOrderedServe(), routerOf({ timeoutMs: 30 }), { 1: stalls() });
    assert.equal(error?.publicMessage, "The model's provider did not answer in 0.03 s.");
  });

  it('goes to three providers and no more', async () => {
    const script = { 1: fails('upstream_error'), 2: fails('upstream_error'), 3: fails('upstream_error') };
    const { error, asked } = await ask(createOrderedServe(), routerOf({}, {}, {}, {}), script);
    assert.deepEqual([error?.code, asked], ['upstream_error', [1, 2, 3]]);
  });

  it('asks a lone provider again, up to three times', async () => {
    const { error, asked } = await ask(createOrderedServe(), routerOf({}), { 1: fails('upstream_error') });
    assert.deepEqual([error?.code, asked], ['upstream_error', [1, 1, 1]]);
  });

  it('does not ask a lone provider again when the wait would be too long', async () => {
    const serve = createOrderedServe({}, () => 0.99);
    assert.deepEqual((await ask(serve, routerOf({}), { 1: fails('upstream_error') })).asked, [1]);
  });

  it('goes to another vendor when this one cannot do it, past others of the same vendor', async () => {
    const router = routerOf({}, {}, { vendor: 'anthropic' });
    const { words, asked } = await ask(createOrderedServe(), router, { 1: fails('unsupported_value') });
    assert.deepEqual([words, asked], [['hello'], [1, 3]]);
  });

  it('is refused when no other vendor is there to do it', async () => {
    const { error, asked } = await ask(createOrderedServe(), routerOf({}, {}), { 1: fails('unsupported_value') });
    assert.deepEqual([error?.code, asked], ['unsupported_value', [1]]);
  });

  it('hears of the rate limit that ends first rather than of a failure', async () => {
    const script = {
      1: fails('rate_limit_exceeded', 30_000),
      2: fails('upstream_error'),
      3: fails('rate_limit_exceeded', 9_000),
    };
    const { error } = await ask(createOrderedServe(), routerOf({}, {}, {}), script);
    assert.deepEqual([error?.code, error?.retryAfterMs], ['rate_limit_exceeded', 9_000]);
  });

  it('passes over a provider whose key cannot be opened', async () => {
    const router = routerOf({ sealedKey: 'v1.unknown.AAAA' }, { sealedKey: testSecrets.seal('sk-2') });
    assert.deepEqual((await ask(createOrderedServe(), router, {})).asked, [2]);
    const lone = await ask(createOrderedServe(), routerOf({ sealedKey: 'v1.unknown.AAAA' }), {});
    assert.equal(lone.error?.code, 'upstream_auth_error');
  });
});

describe('a request that was answered in part', () => {
  it('goes nowhere else: the failure is thrown', async () => {
    const breaks: Answer = async function* () {
      yield 'hel';
      throw new GatewayError('upstream_error', 'cut');
    };
    const { words, asked, error } = await ask(createOrderedServe(), routerOf({}, {}), { 1: breaks });
    assert.deepEqual([words, asked, error?.code], [['hel'], [1], 'upstream_error']);
  });

  it('may go on for longer than the time of its provider, which bounds a silence', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const slow: Answer = async function* ({ signal, timeoutMs }) {
      assert.equal(timeoutMs, 30);
      yield 'hel';
      t.mock.timers.tick(120);
      assert.equal(signal.aborted, false);
      yield 'lo';
    };
    const { words, error } = await ask(createOrderedServe(), routerOf({ timeoutMs: 30 }), { 1: slow });
    assert.deepEqual([words, error], [['hel', 'lo'], null]);
  });
});

describe('a request whose answer is wanted whole', () => {
  const breaks: Answer = async function* () {
    yield 'hel';
    throw new GatewayError('upstream_error', 'cut');
  };
  const whole = { wantsWhole: true };

  it('goes to the next provider also when the first has begun, and nothing is heard of that', async () => {
    const heard = await ask(createOrderedServe(), routerOf({}, {}), { 1: breaks, 2: says('good', 'bye') }, whole);
    assert.deepEqual(
      [heard.words, heard.asked],
      [
        ['good', 'bye'],
        [1, 2],
      ],
    );
    assert.deepEqual([heard.served?.provider, heard.served?.attempts], ['openai-2', 2]);
  });

  it('is heard part by part as it comes, though nothing is handed on before its end', async () => {
    const order: string[] = [];
    const slow: Answer = async function* () {
      yield 'hel';
      order.push('went on');
      yield 'lo';
    };
    const call = buildCall(whole);
    const ignore = () => undefined;
    const onPart = (word: string) => order.push(`heard ${word}`);
    const serve = createOrderedServe();
    for await (const word of serve.stream(routerOf({}), call, (_generate, up) => slow(up), ignore, null, onPart)) {
      order.push(word);
    }
    assert.deepEqual(order, ['heard hel', 'went on', 'heard lo', 'hel', 'lo']);
  });

  it('has failed when every provider breaks off', async () => {
    const { words, error } = await ask(createOrderedServe(), routerOf({}, {}), { 1: breaks, 2: breaks }, whole);
    assert.deepEqual([words, error?.code], [[], 'upstream_error']);
  });

  it('may take longer than the time of its provider once that has begun', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const slow: Answer = async function* ({ signal }) {
      yield 'hel';
      t.mock.timers.tick(120);
      assert.equal(signal.aborted, false);
      yield 'lo';
    };
    const { words } = await ask(createOrderedServe(), routerOf({ timeoutMs: 30 }), { 1: slow }, whole);
    assert.deepEqual(words, ['hel', 'lo']);
  });

  it('opens a provider that had failed to everybody when it begins, not when it ends', async () => {
    const clock = { time: 1_000_000, now: () => clock.time };
    const serve = createOrderedServe({ clock });
    const router = routerOf({});
    for (let count = 0; count < 5; count += 1) await ask(serve, router, { 1: fails('upstream_error') }, {});
    assert.equal((await ask(serve, router, {})).error?.code, 'overloaded');
    clock.time += 5_000;
    const meanwhile: unknown[] = [];
    const slow: Answer = async function* () {
      yield 'hel';
      meanwhile.push((await ask(serve, router, {})).words);
      yield 'lo';
    };
    assert.deepEqual((await ask(serve, router, { 1: slow }, whole)).words, ['hel', 'lo']);
    assert.deepEqual(meanwhile, [['hello']]);
  });

  it('ends with its caller, and nobody else is asked', async () => {
    const gone = new AbortController();
    const leaving: Answer = (upstream) => {
      queueMicrotask(() => gone.abort(new GatewayError('client_closed_request', 'left')));
      return stalls('hel')(upstream);
    };
    const changes = { ...whole, signal: gone.signal };
    const { error, asked } = await ask(createOrderedServe(), routerOf({}, {}), { 1: leaving }, changes);
    assert.deepEqual([error?.code, asked], ['client_closed_request', [1]]);
  });
});

describe('a caller who is gone', () => {
  it('ends the call at the provider, and nobody else is asked', async () => {
    const gone = new AbortController();
    const signal = gone.signal;
    const script = { 1: stalls(), 2: says('never') };
    const asking = ask(createOrderedServe(), routerOf({}, {}), script, { signal });
    gone.abort(new GatewayError('client_closed_request', 'left'));
    const { error, asked } = await asking;
    assert.deepEqual([error?.code, asked], ['client_closed_request', [1]]);
  });

  it('is not held against the provider', async () => {
    const serve = createOrderedServe();
    for (let count = 0; count < 6; count += 1) {
      const signal = AbortSignal.abort(new GatewayError('client_closed_request', 'left'));
      const quick = new AbortController();
      const asking = ask(serve, routerOf({}), { 1: stalls('a') }, { signal: quick.signal });
      quick.abort(signal.reason);
      assert.equal((await asking).error?.code, 'client_closed_request');
    }
    assert.deepEqual((await ask(serve, routerOf({}), {})).words, ['hello']);
  });

  it('frees the place and ends the call also by merely not reading on', async () => {
    const providerLoad = countLoad();
    const serve = createOrderedServe({ providerLoad });
    const signals: AbortSignal[] = [];
    const open = (_generate: unknown, upstream: Upstream) => {
      signals.push(upstream.signal);
      return says('a', 'b', 'c')(upstream);
    };
    for await (const _word of serve.stream(routerOf({}), buildCall(), open, () => undefined)) {
      assert.equal(providerLoad.ownOf(1), 1);
      break;
    }
    assert.deepEqual([providerLoad.ownOf(1), signals[0]?.aborted], [0, true]);
  });
});

describe('a provider that asks to be left alone', () => {
  it('is not asked before that, by anybody', async () => {
    const clock = { time: 1_000_000, now: () => clock.time };
    const serve = createOrderedServe({ clock });
    const script = { 1: fails('rate_limit_exceeded', 30_000) };
    assert.deepEqual((await ask(serve, routerOf({}), script)).asked, [1]);
    clock.time += 29_000;
    const refused = await ask(serve, routerOf({}), script);
    assert.deepEqual([refused.asked, refused.error?.code], [[], 'rate_limit_exceeded']);
    clock.time += 1_000;
    assert.deepEqual((await ask(serve, routerOf({}), {})).words, ['hello']);
  });

  it('is waited for when that is soon', async () => {
    const serve = createOrderedServe();
    let asked = 0;
    const first: Answer = (upstream) => (asked++ === 0 ? fails('rate_limit_exceeded', 60) : says('at last'))(upstream);
    const began = performance.now();
    assert.deepEqual((await ask(serve, routerOf({}), { 1: first })).words, ['at last']);
    assert.ok(performance.now() - began >= 55);
  });
});

describe('providers without room', () => {
  const full = routerOf({ qosLimit: 1 });

  /** Takes the only place; answers what gives it back. */
  async function occupy(serve: Serve): Promise<() => Promise<unknown>> {
    const parts = serve.stream(
      full,
      buildCall(),
      (_generate, upstream) => stalls('a')(upstream),
      () => undefined,
    );
    await parts.next();
    return () => parts.return(undefined);
  }

  it('are closed with a bound of 0', async () => {
    const { error } = await ask(createOrderedServe(), routerOf({ qosLimit: 0 }), {});
    assert.equal(error?.code, 'overloaded');
  });

  it('are waited for', async () => {
    const serve = createOrderedServe();
    const free = await occupy(serve);
    const asking = ask(serve, full, {});
    await free();
    assert.deepEqual((await asking).words, ['hello']);
  });

  it('refuse with a time to come back when the wait is over', async () => {
    const serve = createOrderedServe();
    const free = await occupy(serve);
    const { error } = await ask(serve, full, {});
    assert.deepEqual([error?.code, error?.retryAfterMs], ['overloaded', 1_000]);
    await free();
  });

  it('refuse at once whom the line has no place for', async () => {
    const serve = createOrderedServe();
    const free = await occupy(serve);
    const waiting = Array.from({ length: settings.maxWaiting }, () => ask(serve, full, {}));
    const refused = ask(serve, full, {});
    const first = await Promise.race([refused, ...waiting]);
    assert.equal(first, await refused);
    assert.equal(first.error?.code, 'overloaded');
    await free();
    assert.ok((await Promise.all(waiting)).every(({ error }) => error === null));
  });

  it('serve callers before background work that has waited for longer', async () => {
    const serve = createOrderedServe();
    const free = await occupy(serve);
    const order: string[] = [];
    const background = ask(serve, full, {}, { inBackground: true }).then(() => order.push('background'));
    const caller = ask(serve, full, {}).then(() => order.push('caller'));
    await free();
    await Promise.all([background, caller]);
    assert.deepEqual(order, ['caller', 'background']);
  });
});

describe('a conversation with signed thoughts', () => {
  const router = routerOf({ url: 'http://a/' }, { url: 'http://b/' });

  async function originOf(id: number): Promise<string> {
    let origin = '';
    const only = { ...router, providers: router.providers.filter((provider) => provider.id === id) };
    await ask(createOrderedServe(), only, {
      [id]: (upstream) => {
        origin = upstream.origin;
        return says('a')(upstream);
      },
    });
    return origin;
  }

  it('goes to the account that signed them, however busy', async () => {
    const origin = await originOf(2);
    assert.deepEqual((await ask(createOrderedServe(), router, {}, {}, origin)).asked, [2]);
  });

  it('goes elsewhere when that account fails', async () => {
    const origin = await originOf(2);
    const { words, asked } = await ask(createOrderedServe(), router, { 2: fails('upstream_error') }, {}, origin);
    assert.deepEqual([words, asked], [['hello'], [2, 1]]);
  });
});

describe('an outage', () => {
  it('of one provider of two costs no request, and soon no attempt', async () => {
    const serve = createOrderedServe();
    const asked: number[] = [];
    for (let request = 0; request < 50; request += 1) {
      const heard = await ask(serve, routerOf({}, {}), { 1: fails('upstream_error') });
      assert.equal(heard.error, null);
      asked.push(...heard.asked);
    }
    assert.equal(asked.filter((id) => id === 1).length, 5);
  });

  it('of all of them is not made worse: they get at most 1.1 times the requests, and a few', async () => {
    const clock = { time: 1_000_000, now: () => clock.time };
    const serve = createOrderedServe({ clock });
    let attempts = 0;
    for (let request = 0; request < 1_000; request += 1) {
      clock.time += 10;
      attempts += (await ask(serve, routerOf({}, {}), { 1: fails('upstream_error'), 2: fails('upstream_error') })).asked
        .length;
    }
    assert.ok(attempts <= 1_000 * 1.1 + 10, String(attempts));
  });
});

describe('one whole answer', () => {
  it('comes from the next provider when the first fails', async () => {
    const embedder = { ...vendor, embed: () => assert.fail('`ask` is what is called') };
    const serve = createTestServe(
      () => embedder,
      { providerLoad: countLoad({ 2: 9 }) },
      settings,
      () => 0,
    );
    const heard: Served[] = [];
    const call = buildCall({ served: (by) => heard.push(by) });
    const answer = await serve.once(routerOf({}, {}), 'embed', call, async (_embed, upstream) => {
      if (upstream.provider.id === 1) throw new GatewayError('overloaded', 'no');
      upstream.onUpstreamId('up-7');
      upstream.onIgnored('dimensions');
      return 42;
    });
    assert.equal(answer, 42);
    const by = { provider: 'openai-2', attempts: 2, upstreamRequestId: 'up-7', ignored: ['dimensions'] };
    assert.deepEqual(heard, [by]);
  });

  it('is not asked of a provider that cannot give it', async () => {
    const asked = createTestServe(() => vendor).once(routerOf({}), 'embed', buildCall(), async () => 1);
    await assert.rejects(asked, { code: 'upstream_error' });
  });
});
