import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type Answer, type FakeUpstream, refusingUrl, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerRouter } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { chatStream, failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const said = { text: ['Hello', ' there.'] };

/** The first half of a stream, and then nothing more, for as long as anybody listens. */
const stalled: Answer = { ...chatStream(said), body: chatStream(said).body?.slice(0, 2) ?? [], ending: 'hang' };

describe('upstreams that fail', () => {
  let app: TestApp;
  let bad: FakeUpstream;
  let good: FakeUpstream;
  let caller: TestCaller;
  let models = 0;

  before(async () => {
    [app, bad, good] = await Promise.all([startTestApp(), startFakeUpstream(), startFakeUpstream(speaksOpenAi(said))]);
  });
  after(async () => {
    await app.stop();
    await Promise.all([bad.close(), good.close()]);
  });

  /** A new model with new providers, about which nothing is known yet, and a caller who may use it. */
  async function offer(...providers: Parameters<typeof offerRouter>[2]): Promise<string> {
    models += 1;
    const name = `model-${models}`;
    await offerRouter(app, name, providers);
    caller = await app.signUp();
    bad.reset();
    good.reset();
    return name;
  }

  function chat(model: string, more: { stream?: boolean; signal?: AbortSignal } = {}): Promise<Response> {
    const { signal, ...fields } = more;
    const body = { model, messages: [{ role: 'user', content: 'Hi' }], ...fields };
    return caller.request('POST', '/v1/chat/completions', { body, ...(signal && { signal }) });
  }

  async function codeOf(response: Response): Promise<string> {
    return ((await response.json()) as { error: { code: string } }).error.code;
  }

  /** How many of `count` requests were answered, one after the other. */
  async function answered(model: string, count: number): Promise<number> {
    let ok = 0;
    for (let request = 0; request < count; request += 1) ok += (await chat(model)).ok ? 1 : 0;
    return ok;
  }

  describe('before they say anything', () => {
    const troubles: [string, Answer | 'silence'][] = [
      ['500', failure(500, 'oops')],
      ['502 in HTML', { status: 502, headers: { 'content-type': 'text/html' }, body: ['<h1>Bad gateway</h1>'] }],
      ['503', failure(503, 'overloaded')],
      ['529', failure(529, 'overloaded')],
      ['429', failure(429, 'slow down')],
      ['401', failure(401, 'who are you')],
      ['200 in HTML', { headers: { 'content-type': 'text/html' }, body: ['<h1>Welcome</h1>'] }],
      ['JSON that is none', { headers: { 'content-type': 'application/json' }, body: ['{"id":'] }],
      ['a cut connection', { headers: { 'content-type': 'application/json' }, body: ['{"id":'], ending: 'cut' }],
      ['no answer in time', 'silence'],
    ];
    for (const [name, script] of troubles) {
      it(`with ${name} are passed over, and nobody notices`, async () => {
        const model = await offer({ url: bad.url, timeoutMs: 200 }, { url: good.url });
        bad.respond(script);
        assert.equal(await answered(model, 6), 6);
      });
    }

    it('because nobody listens there are passed over, and who answered is said', async () => {
      const model = await offer({ url: await refusingUrl() }, { url: good.url });
      const responses = await Promise.all(Array.from({ length: 8 }, () => chat(model)));
      assert.ok(responses.every(({ status }) => status === 200));
      assert.equal(new Set(responses.map(({ headers }) => headers.get('x-switchyard-provider'))).size, 1);
      assert.equal(responses[0]?.headers.get('x-upstream-request-id'), 'req_upstream');
      const attempts = responses.map(({ headers }) => Number(headers.get('x-switchyard-attempts')));
      assert.ok(attempts.every((count) => count === 1 || count === 2));
    });

    for (const host of ['127.0.0.1:1', 'does-not-exist.invalid']) {
      it(`at ${host} are reported`, async () => {
        const model = await offer({ url: `http://${host}/` });
        const response = await chat(model);
        assert.deepEqual([response.status, await codeOf(response)], [502, 'upstream_error']);
      });
    }

    it('by never answering are cut off', async () => {
      const model = await offer({ url: bad.url, timeoutMs: 150 });
      bad.respond('silence');
      const response = await chat(model);
      assert.deepEqual([response.status, await codeOf(response)], [504, 'upstream_timeout']);
      await waitFor('their connections to be closed', () =>
        bad.ledger.every(({ abandonedAt }) => abandonedAt !== null),
      );
    });

    it('with a refused key of ours are no fault of the caller', async () => {
      const model = await offer({ url: bad.url });
      bad.respond(failure(401, 'Incorrect API key provided: sk-secret'));
      const response = await chat(model);
      const text = await response.text();
      assert.deepEqual([response.status, text.includes('sk-secret')], [502, false]);
      assert.match(text, /upstream_auth_error/);
    });
  });

  describe('by saying 429', () => {
    function tooMany(retryAfter: string): Answer {
      const { headers, ...rest } = failure(429, 'slow down');
      return { ...rest, headers: { ...headers, 'retry-after': retryAfter } };
    }

    const seconds: [string, () => string][] = [
      ['30', () => '30'],
      ['120', () => '120'],
      ['a date', () => new Date(Date.now() + 30_000).toUTCString()],
    ];
    for (const [name, retryAfter] of seconds) {
      it(`with Retry-After ${name} are not asked again before, and callers hear for how long`, async () => {
        const model = await offer({ url: bad.url });
        bad.respond(tooMany(retryAfter()));
        for (let request = 0; request < 5; request += 1) {
          const response = await chat(model);
          assert.deepEqual([response.status, await codeOf(response)], [429, 'rate_limit_exceeded']);
          const wait = Number(response.headers.get('retry-after'));
          assert.ok(wait > 20 && wait <= 120, String(wait));
        }
        assert.equal(bad.ledger.length, 1);
      });
    }

    it('with Retry-After 1 are waited for, one caller going first', async () => {
      const model = await offer({ url: bad.url });
      bad.next(tooMany('1'), tooMany('1'));
      bad.respond(speaksOpenAi(said));
      assert.equal((await chat(model)).status, 200);
      const [first, second, third] = bad.ledger.map(({ at }) => at);
      assert.equal(bad.ledger.length, 3);
      assert.ok((second ?? 0) - (first ?? 0) >= 990 && (third ?? 0) - (second ?? 0) >= 990);
    });

    it('with a Retry-After that says nothing are asked again after a while, three times in all', async () => {
      const model = await offer({ url: bad.url });
      bad.respond(tooMany('soon'));
      assert.equal((await chat(model)).status, 429);
      assert.equal(bad.ledger.length, 3);
    });

    it('leave the calls to others', async () => {
      const model = await offer({ url: bad.url }, { url: good.url });
      bad.respond(tooMany('30'));
      assert.equal(await answered(model, 10), 10);
      assert.ok(bad.ledger.length <= 1);
    });
  });

  describe('in the middle of a stream', () => {
    for (const vendor of ['openai', 'mistral'] as const) {
      const way = vendor === 'openai' ? 'passed on' : 'translated';
      it(`are reported in it, which never ends as if nothing had happened (${way})`, async () => {
        const model = await offer({ url: bad.url, vendor, timeoutMs: 300 });
        bad.respond(stalled);
        const response = await chat(model, { stream: true });
        const text = await response.text();
        assert.equal(response.status, 200);
        assert.match(text, /Hello/);
        assert.match(text, /upstream_timeout/);
        assert.doesNotMatch(text, /\[DONE\]/);
      });
    }
  });

  describe('whose caller has left', () => {
    for (const vendor of ['openai', 'mistral'] as const) {
      for (const stream of [true, false]) {
        it(`are left (${vendor}, ${stream ? 'streamed' : 'whole'})`, async () => {
          const model = await offer({ url: bad.url, vendor });
          bad.respond(stream ? stalled : 'silence');
          const leaving = new AbortController();
          const asking = chat(model, { stream, signal: leaving.signal });
          if (stream) await (await asking).body?.getReader().read();
          else await waitFor('the call to arrive', () => bad.ledger.length === 1);
          leaving.abort();
          if (!stream) await assert.rejects(asking);
          await waitFor('the connection to be closed', () => (bad.ledger[0]?.abandonedAt ?? null) !== null);
        });
      }
    }

    it('are not blamed: the next caller is served by them', async () => {
      const model = await offer({ url: bad.url });
      bad.respond(stalled);
      for (let request = 0; request < 6; request += 1) {
        const leaving = new AbortController();
        await (await chat(model, { stream: true, signal: leaving.signal })).body?.getReader().read();
        leaving.abort();
      }
      bad.respond(speaksOpenAi(said));
      assert.equal((await chat(model)).status, 200);
    });
  });
});
