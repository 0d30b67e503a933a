import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { NamedUsageRecord } from '../../../src/core/billing/usage-record.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { chatCompletion, chatStream, failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'priced';
const messages = [{ role: 'user', content: 'How many tokens is this?' }];
const path = '/v1/chat/completions';

interface WholeAnswer {
  usage: { prompt_tokens: number; completion_tokens: number; cost?: number; requests?: number };
}

describe('the record of a chat', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp({ workers: true });
    await offerPricedModel();
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    upstream.reset();
    caller = await app.signUp();
  });

  async function offerPricedModel(): Promise<void> {
    const { counters, routers } = app.deps;
    const [id, providerId] = [await counters.next('router'), await counters.next('provider')];
    const size = { activeParams: 8, totalParams: 8, hostingZone: 'FRA' };
    const at = { vendor: 'openai', url: upstream.url, modelName: 'gpt-test' } as const;
    const provider = buildProvider({ id: providerId, routerId: id, ...at, ...size });
    const prices = { promptPriceMicros: 1_000_000, completionPriceMicros: 10_000_000 };
    const router = buildRouter({ id, name: model, type: 'text-generation', providers: [provider], ...prices });
    await routers.create(router, [1, 2]);
  }

  /** What the caller's only call left behind, once it is there. */
  async function recorded(): Promise<NamedUsageRecord> {
    const query = { from: 0, to: Number.MAX_SAFE_INTEGER, endpoint: null, offset: 0, limit: 10 };
    let records: readonly NamedUsageRecord[] = [];
    await waitFor('the record of the call', async () => {
      ({ records } = await app.deps.usage.list(caller.userId, query));
      return records.length > 0;
    });
    assert.equal(records.length, 1);
    return records[0] ?? assert.fail();
  }

  const counts = ({ usage }: NamedUsageRecord) => [usage.promptTokens, usage.completionTokens, usage.estimated];

  /** The answer's body up to where it ends or breaks off. */
  async function readStream(response: Response): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
    } catch {
      // Broken off: what came before is what the test is about.
    }
    return text;
  }

  for (const stream of [false, true]) {
    it(`has the vendor's own counts of an answer that is ${stream ? 'streamed' : 'given whole'}`, async () => {
      const response = await caller.request('POST', path, { body: { model, messages, stream } });
      assert.equal(response.status, 200);
      await readStream(response);
      const record = await recorded();
      assert.deepEqual(counts(record), [9, 3, false]);
      assert.equal(record.bill.costMicros, 9 + 30);
      assert.ok(record.bill.carbon.kWh.max > 0);
      assert.deepEqual(
        [record.method, record.endpoint, record.status, record.keyName, record.router.name],
        ['POST', path, 200, 'test', model],
      );
      assert.equal(record.provider?.modelName, 'gpt-test');
      assert.equal(record.requestId, response.headers.get('x-request-id'));
      assert.ok(record.ttftMs !== null && record.ttftMs <= record.latencyMs);
    });
  }

  it('costs what the answer says that it costs', async () => {
    const body = { model, messages, include_cost: true };
    const { usage } = await caller.json<WholeAnswer>('POST', path, { body });
    assert.deepEqual([usage.cost, usage.requests], [0.000_039, 1]);
    assert.equal((await recorded()).bill.costMicros, 39);
  });

  it('counts every answer that was asked for', async () => {
    const body = { model, messages, include_cost: true, n: 2 };
    const { usage } = await caller.json<WholeAnswer>('POST', path, { body });
    assert.deepEqual([usage.completion_tokens, usage.cost, usage.requests], [6, 0.000_078, 2]);
    const record = await recorded();
    assert.deepEqual([record.bill.costMicros, record.bill.requests], [78, 2]);
  });

  it('is estimated, and so is the usage in the answer, where the vendor tells none', async () => {
    upstream.next(chatStream({ text: ['Some', ' words'], usage: null }));
    const body = { model, messages, include_cost: true };
    const { usage } = await caller.json<WholeAnswer>('POST', path, { body });
    const record = await recorded();
    assert.ok(usage.prompt_tokens > 0 && usage.completion_tokens > 0);
    assert.deepEqual(counts(record), [usage.prompt_tokens, usage.completion_tokens, true]);
  });

  for (const [what, usage] of [
    ['has no usage in it', null],
    ['claims that nothing was read', { prompt: 0, completion: 0 }],
  ] as const) {
    it(`is estimated where a relayed answer ${what}`, async () => {
      upstream.next(chatCompletion({ text: ['Some words'], usage }));
      await caller.json('POST', path, { body: { model, messages } });
      const [prompt, completion, estimated] = counts(await recorded());
      assert.ok(Number(prompt) > 0 && Number(completion) > 0);
      assert.equal(estimated, true);
    });
  }

  for (const [kind, fields] of [
    ['relayed', {}],
    ['translated', { include_cost: true }],
  ] as const) {
    it(`is estimated by what had come when a ${kind} stream is cut`, async () => {
      const whole = chatStream({ text: ['Some', ' words', ' that', ' end', ' nowhere'] });
      upstream.next({ ...whole, body: whole.body?.slice(0, 4) ?? [], ending: 'cut' });
      const body = { model, messages, stream: true, ...fields };
      assert.doesNotMatch(await readStream(await caller.request('POST', path, { body })), /\[DONE\]/);
      const record = await recorded();
      const [prompt, completion, estimated] = counts(record);
      assert.ok(Number(prompt) > 0 && Number(completion) > 0);
      assert.deepEqual([estimated, record.status], [true, 502]);
    });

    it(`is estimated by what had come when the caller leaves a ${kind} stream`, async () => {
      const whole = chatStream({ text: ['Some', ' words'] });
      upstream.next({ ...whole, body: whole.body?.slice(0, 3) ?? [], ending: 'hang' });
      const leaving = new AbortController();
      const body = { model, messages, stream: true, ...fields };
      const response = await caller.request('POST', path, { body, signal: leaving.signal });
      await response.body?.getReader().read();
      leaving.abort();
      const record = await recorded();
      const [prompt, completion, estimated] = counts(record);
      assert.ok(Number(prompt) > 0 && Number(completion) > 0);
      assert.deepEqual([estimated, record.status], [true, 499]);
    });
  }

  it('is not shown for a call that the vendor refused, which cost nothing', async () => {
    upstream.next(failure(400, 'No.'));
    const refused = await caller.request('POST', path, { body: { model, messages } });
    assert.equal(refused.status, 400);
    await caller.json('POST', path, { body: { model, messages } });
    await app.deps.ledger.flush();
    assert.equal((await recorded()).status, 200);
  });

  it('is that of the call where a job runs it, under the key that submitted it', async () => {
    const headers = { prefer: 'respond-async' };
    const accepted = await caller.request('POST', path, { body: { model, messages }, headers });
    assert.equal(accepted.status, 202);
    const record = await recorded();
    assert.deepEqual(counts(record), [9, 3, false]);
    assert.deepEqual(
      [record.method, record.endpoint, record.status, record.keyName, record.requestId],
      ['POST', path, 200, 'test', accepted.headers.get('x-request-id')],
    );
  });

  it('is one for each of many calls side by side, and their sum is what the vendor counts', async () => {
    const body = { model, messages };
    await Promise.all(Array.from({ length: 40 }, () => caller.json('POST', path, { body })));
    await app.deps.ledger.flush();
    const query = { from: 0, to: Date.now(), endpoint: null, offset: 0, limit: 100 };
    const { records, total } = await app.deps.usage.list(caller.userId, query);
    const answered = upstream.ledger.filter((asked) => asked.answered).length;
    assert.deepEqual([total, answered], [40, 40]);
    assert.equal(
      records.reduce((sum, { usage }) => sum + usage.promptTokens + usage.completionTokens, 0),
      40 * 12,
    );
  });
});
