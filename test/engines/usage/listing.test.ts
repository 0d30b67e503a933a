import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { usageOf } from '../../../src/core/usage.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildRecord } from '../../helpers/usage.ts';

interface ListedRecord {
  model: string;
  key: string | null;
  endpoint: string;
  method: string;
  status: number;
  usage: {
    prompt_tokens: number;
    total_tokens: number;
    cost: number;
    metrics: { latency: number; ttft: number | null };
  };
  created: number;
  request_id: string;
  estimated: boolean;
}

interface Listed {
  object: string;
  total: number;
  data: ListedRecord[];
}

const dayMs = 24 * 3600 * 1000;

describe('GET /v1/me/usage', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  /** Requests of the listed calls, in order. */
  async function requestsOf(caller: TestCaller, query = ''): Promise<string[]> {
    const { data } = await caller.json<Listed>('GET', `/v1/me/usage${query}`);
    return data.map(({ request_id }) => request_id);
  }

  async function record(caller: TestCaller, records: readonly Parameters<typeof buildRecord>[0][]): Promise<void> {
    await app.deps.usage.record(records.map((changes) => buildRecord({ ownerId: caller.userId, ...changes })));
  }

  it('has a call that was just made, under the name of its key', async () => {
    const caller = await app.signUp();
    const body = { model: 'all-minilm-l6-v2', input: 'one text' };
    const response = await caller.request('POST', '/v1/embeddings', { body });
    assert.equal(response.status, 200);
    await app.deps.ledger.flush();
    const { object, total, data } = await caller.json<Listed>('GET', '/v1/me/usage');
    assert.deepEqual([object, total], ['list', 1]);
    const { created, usage, ...rest } = data[0] ?? assert.fail('nothing is listed');
    assert.deepEqual(rest, {
      object: 'me.usage',
      model: 'all-minilm-l6-v2',
      key: 'test',
      endpoint: '/v1/embeddings',
      method: 'POST',
      status: 200,
      request_id: response.headers.get('x-request-id'),
      estimated: false,
    });
    assert.ok(Math.abs(created * 1000 - Date.now()) < 60_000);
    const { metrics, ...counts } = usage;
    assert.deepEqual(counts, {
      prompt_tokens: 4,
      completion_tokens: 0,
      total_tokens: 4,
      cost: 0,
      carbon: { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } },
    });
    assert.ok(Number.isInteger(metrics.latency));
    assert.equal(metrics.ttft, null);
  });

  it('is ordered by time, the latest first, and paged', async () => {
    const caller = await app.signUp();
    const now = Date.now();
    await record(caller, [
      { requestId: 'second', createdAt: now - 2_000 },
      { requestId: 'third', createdAt: now - 1_000 },
      { requestId: 'first', createdAt: now - 3_000 },
    ]);
    assert.deepEqual(await requestsOf(caller), ['third', 'second', 'first']);
    const page = await caller.json<Listed>('GET', '/v1/me/usage?offset=1&limit=1');
    assert.deepEqual([page.total, page.data.map(({ request_id }) => request_id)], [3, ['second']]);
  });

  it('has the last 30 days unless a time is given', async () => {
    const caller = await app.signUp();
    const now = Date.now();
    await record(caller, [
      { requestId: 'recent', createdAt: now - 29 * dayMs },
      { requestId: 'old', createdAt: now - 31 * dayMs },
    ]);
    assert.deepEqual(await requestsOf(caller), ['recent']);
    const seconds = (days: number) => Math.floor((now - days * dayMs) / 1000);
    assert.deepEqual(await requestsOf(caller, `?start_time=${seconds(40)}`), ['recent', 'old']);
    const old = `?start_time=${seconds(40)}&end_time=${seconds(30)}`;
    assert.deepEqual(await requestsOf(caller, old), ['old']);
  });

  it('includes the second that it ends with', async () => {
    const caller = await app.signUp();
    const second = Math.floor(Date.now() / 1000) - 10;
    await record(caller, [{ requestId: 'late', createdAt: second * 1000 + 999 }]);
    assert.deepEqual(await requestsOf(caller, `?end_time=${second}`), ['late']);
    assert.deepEqual(await requestsOf(caller, `?end_time=${second - 1}`), []);
  });

  it('can be of one endpoint', async () => {
    const caller = await app.signUp();
    await record(caller, [
      { requestId: 'chat', endpoint: '/v1/chat/completions' },
      { requestId: 'search', endpoint: '/v1/search' },
    ]);
    assert.deepEqual(await requestsOf(caller, '?endpoint=/v1/search'), ['search']);
    const refused = await caller.request('GET', '/v1/me/usage?endpoint=/v1/elsewhere');
    assert.equal(refused.status, 422);
  });

  it('leaves out calls that failed, unless they consumed something', async () => {
    const caller = await app.signUp();
    const now = Date.now();
    await record(caller, [
      { requestId: 'cut', status: 502, usage: usageOf({ promptTokens: 4, estimated: true }), createdAt: now - 1 },
      { requestId: 'failed', status: 502, usage: usageOf({}), createdAt: now },
    ]);
    assert.deepEqual(await requestsOf(caller), ['cut']);
  });

  it("shows nobody another's calls", async () => {
    const [caller, other] = [await app.signUp(), await app.signUp()];
    await record(caller, [{}]);
    assert.deepEqual(await requestsOf(other), []);
  });

  it('writes costs in units of the currency', async () => {
    const caller = await app.signUp();
    const { bill } = buildRecord();
    await record(caller, [{ bill: { ...bill, costMicros: 1_250_000 } }]);
    const { data } = await caller.json<Listed>('GET', '/v1/me/usage');
    assert.equal(data[0]?.usage.cost, 1.25);
  });

  it('answers a search with what it cost, and records the embedding of its query', async () => {
    const caller = await app.signUp();
    const { id } = await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'one' } });
    const form = new FormData();
    form.set('collection', String(id));
    form.set('name', 'a document');
    const document = await caller.json<{ id: number }>('POST', '/v1/documents', { body: form });
    const chunks = { chunks: [{ content: 'trams have no wings' }] };
    await caller.json('POST', `/v1/documents/${document.id}/chunks`, { body: chunks });
    const query = { query: 'do trams fly', collections: [id] };
    const { usage } = await caller.json<{ usage: { requests: number } }>('POST', '/v1/search', { body: query });
    assert.equal(usage.requests, 1);
    await app.deps.ledger.flush();
    const { data } = await caller.json<Listed>('GET', '/v1/me/usage');
    assert.deepEqual(
      data.map(({ endpoint }) => endpoint),
      ['/v1/search', '/v1/documents/{document_id}/chunks'],
    );
  });
});
