import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'org/speaker';
const messages = [{ role: 'user', content: 'Does it rain in Paris?' }] as const;

interface Found {
  search_results: { method: string; chunk: { content: string } }[];
  usage: { requests: number; cost: number };
}

describe('chat completions', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
    caller = await app.signUp();
    client = new OpenAI({ apiKey: caller.key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.reset());

  async function collectionWith(content: string): Promise<number> {
    const { id } = await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'weather' } });
    const form = new FormData();
    form.set('collection_id', String(id));
    form.set('name', 'report');
    const document = await caller.json<{ id: number }>('POST', '/v1/documents', { body: form });
    const chunks = [{ content }];
    await caller.json('POST', `/v1/documents/${document.id}/chunks`, { body: { chunks } });
    return id;
  }

  it('list models whose names have slashes, and find them by either spelling', async () => {
    const { data } = await client.models.list();
    assert.ok(data.some(({ id }) => id === model));
    const found = await client.models.retrieve(model);
    assert.equal(found.id, model);
    assert.deepEqual(await caller.json('GET', `/v1/models/${model}`), { ...found });
    await assert.rejects(client.models.retrieve('org/none'), { status: 404, code: 'model_not_found' });
  });

  it('give several answers of one upstream that makes them itself, or one at a time', async () => {
    const asked = { model, messages: [...messages], n: 3 };
    const { choices } = await client.chat.completions.create({ ...asked, store: true });
    assert.deepEqual(
      choices.map(({ index, message }) => [index, message.content]),
      [0, 1, 2].map((index) => [index, 'Hello there.']),
    );
    assert.equal(upstream.ledger.length, 3);
  });

  it('answer from collections, and tell what was found', async () => {
    const collection_ids = [await collectionWith('In Paris rain falls all day.')];
    const search = { type: 'search', collection_ids, method: 'lexical' };
    const answer = await caller.json<Found>('POST', '/v1/chat/completions', {
      body: { model, messages, tools: [search] },
    });
    assert.deepEqual(
      answer.search_results.map(({ method, chunk }) => [method, chunk.content]),
      [['lexical', 'In Paris rain falls all day.']],
    );
    assert.equal(answer.usage.requests, 1);
    const { json } = upstream.ledger.at(-1) ?? {};
    const sent = JSON.stringify(json);
    assert.match(sent, /Does it rain in Paris\?/);
    assert.match(sent, /In Paris rain falls all day\./);
    assert.doesNotMatch(sent, /collection_ids/);
  });

  it('of a search are read by the OpenAI client as a stream', async () => {
    const collection_ids = [await collectionWith('In Paris rain falls all night.')];
    const extra = { search: true, search_args: { collection_ids, method: 'lexical' } };
    const stream = client.chat.completions.stream({ model, messages: [...messages], ...extra });
    const found: unknown[] = [];
    stream.on('chunk', (chunk) => {
      if ('search_results' in chunk) found.push(chunk.search_results);
    });
    assert.equal((await stream.finalChatCompletion()).choices[0]?.message.content, 'Hello there.');
    assert.equal(found.length, 1);
  });

  it("search nobody else's collection", async () => {
    const stranger = await app.signUp();
    const collection_ids = [await collectionWith('Mine.')];
    const body = { model, messages, tools: [{ type: 'search', collection_ids, method: 'lexical' }] };
    assert.equal((await stranger.request('POST', '/v1/chat/completions', { body })).status, 404);
    assert.equal(upstream.ledger.length, 0);
  });
});
