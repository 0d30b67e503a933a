import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { Response as ModelResponse } from 'openai/resources/responses/responses';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { chatStream, failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';

describe('/v1/responses', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
    await offerModel(app, { name: 'chats', url: upstream.url, modelName: 'chats' });
    caller = await app.signUp();
    client = clientOf(caller);
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.reset());

  function clientOf({ key }: TestCaller): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }

  /** What the model was told, message by message, the last time it was asked. */
  function told(): [role: unknown, content: unknown][] {
    return messages().map(({ role, content }) => [role, content]);
  }

  function messages(): readonly Record<string, unknown>[] {
    const asked = upstream.ledger.at(-1);
    assert.ok(asked, 'the model was not asked');
    return (asked.json as { messages: Record<string, unknown>[] }).messages;
  }

  it('answers, keeps the answer, and shows it again', async () => {
    const response = await client.responses.create({ model, input: 'Hello', metadata: { team: 'a' } });
    assert.equal(response.output_text, 'Hello there.');
    assert.equal(response.status, 'completed');
    assert.equal(storedOf(response), true);
    assert.match(response.id, /^resp_[0-9a-z]{28}$/);
    const { output_text: _computed, ...shown } = await client.responses.retrieve(response.id);
    const { output_text: _too, ...created } = response;
    assert.deepEqual(shown, created);
  });

  it('streams what it answers whole', async () => {
    const stream = client.responses.stream({ model, input: 'Hello' });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => {
      text += delta;
    });
    const final = await stream.finalResponse();
    assert.equal(text, 'Hello there.');
    assert.equal(final.status, 'completed');
    assert.equal((await client.responses.retrieve(final.id)).output_text, text);
  });

  it('goes on from a stored response, without its instructions', async () => {
    const first = await client.responses.create({ model, instructions: 'Be brief.', input: 'One' });
    const second = await client.responses.create({ model, input: 'Two', previous_response_id: first.id });
    await client.responses.create({ model, instructions: 'Sing.', input: 'Three', previous_response_id: second.id });
    assert.deepEqual(
      told().map(([, content]) => content),
      ['Sing.', 'One', 'Hello there.', 'Two', 'Hello there.', 'Three'],
    );
  });

  it('are answered by a server that has chats alone, whole and streamed, and billed once each', async () => {
    const request = { model: 'chats', input: 'Hello', store: false };
    upstream.next(failure(404, 'Not Found'));
    const whole = await client.responses.create(request);
    const streamed = await client.responses.stream(request).finalResponse();
    for (const { output_text, usage } of [whole, streamed]) {
      assert.deepEqual([output_text, usage?.input_tokens], ['Hello there.', whole.usage?.input_tokens]);
    }
    const paths = upstream.ledger.map(({ path }) => path);
    assert.deepEqual(paths, ['/v1/responses', '/v1/chat/completions', '/v1/chat/completions']);
    await app.deps.ledger.flush();
    const { data } = await caller.json<{ data: { model: string; status: number }[] }>('GET', '/v1/me/usage');
    assert.equal(data.filter((record) => record.model === 'chats').length, 2);
  });

  it('takes an item of a stored answer by its id', async () => {
    const first = await client.responses.create({ model, input: 'One' });
    const [said] = first.output;
    await client.responses.create({
      model,
      input: [
        { type: 'item_reference', id: said?.id ?? '' },
        { role: 'user', content: 'Again' },
      ],
    });
    assert.deepEqual(told(), [
      ['assistant', 'Hello there.'],
      ['user', 'Again'],
    ]);
  });

  it('calls a function, takes its result, and says the rest', async () => {
    const tools = [{ type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false }];
    upstream.next(chatStream({ toolCalls: [{ id: 'call_1', name: 'weather', arguments: ['{"place":"Ghent"}'] }] }));
    const first = await client.responses.create({ model, input: 'Weather?', tools });
    const call = first.output.find((item) => item.type === 'function_call');
    assert.equal(call?.arguments, '{"place":"Ghent"}');
    const second = await client.responses.create({
      model,
      tools,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'Rain' }],
    });
    assert.equal(second.output_text, 'Hello there.');
    assert.deepEqual(
      messages().map(({ role }) => role),
      ['user', 'assistant', 'tool'],
    );
    assert.equal(messages().at(-1)?.['tool_call_id'], 'call_1');
  });

  it('keeps nothing that is not to be stored', async () => {
    const response = await client.responses.create({ model, input: 'Hello', store: false });
    await assert.rejects(client.responses.retrieve(response.id), { status: 404 });
  });

  it('lists what it was asked, page by page', async () => {
    const response = await client.responses.create({
      model,
      input: [
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Two' },
        { role: 'user', content: 'Three' },
      ],
    });
    const texts: unknown[] = [];
    for await (const item of client.responses.inputItems.list(response.id, { order: 'asc', limit: 2 })) {
      if (item.type === 'message') texts.push(item.content.map((part) => 'text' in part && part.text).join(''));
    }
    assert.deepEqual(texts, ['One', 'Two', 'Three']);
    const [latest] = (await client.responses.inputItems.list(response.id, { limit: 1 })).data;
    assert.match(JSON.stringify(latest), /Three/);
    await assert.rejects(client.responses.inputItems.list(response.id, { after: 'nothing' }), { status: 400 });
  });

  it('forgets a deleted response, and does not go on from it', async () => {
    const first = await client.responses.create({ model, input: 'One' });
    const second = await client.responses.create({ model, input: 'Two', previous_response_id: first.id });
    const deleted = await client.delete(`/responses/${first.id}`);
    assert.deepEqual(deleted, { id: first.id, object: 'response.deleted', deleted: true });
    await assert.rejects(client.responses.retrieve(first.id), { status: 404 });
    await assert.rejects(client.responses.delete(first.id), { status: 404 });
    const goingOn = client.responses.create({ model, input: 'Three', previous_response_id: second.id });
    await assert.rejects(goingOn, { status: 404, param: 'previous_response_id' });
  });

  it("does not know somebody else's responses", async () => {
    const { id } = await client.responses.create({ model, input: 'Mine' });
    const stranger = clientOf(await app.signUp());
    const attempts = [
      () => stranger.responses.retrieve(id),
      () => stranger.responses.delete(id),
      () => stranger.responses.cancel(id),
      () => stranger.responses.inputItems.list(id),
      () => stranger.responses.create({ model, input: 'x', previous_response_id: id }),
    ];
    for (const attempt of attempts) await assert.rejects(async () => attempt(), { status: 404 });
    const missing = await caller.request('GET', '/v1/responses/resp_0000000000000000000000000000');
    assert.equal(missing.status, 404);
  });

  it('keeps what is too large for a record', async () => {
    const long = 'x'.repeat(400_000);
    const first = await client.responses.create({ model, input: long });
    await client.responses.create({ model, input: 'And?', previous_response_id: first.id });
    assert.deepEqual(told()[0], ['user', long]);
    await client.responses.delete(first.id);
    await assert.rejects(client.responses.retrieve(first.id), { status: 404 });
  });

  it('leaves out the oldest turns of what is too long for the model, when it may', async () => {
    const tooLong = failure(400, 'Too long.', { code: 'context_length_exceeded' });
    const first = await client.responses.create({ model, input: 'One' });
    const input = { model, input: 'Two', previous_response_id: first.id };
    upstream.next(tooLong);
    await assert.rejects(client.responses.create(input), { status: 400, code: 'context_length_exceeded' });
    upstream.next(tooLong);
    const response = await client.responses.create({ ...input, truncation: 'auto' });
    assert.equal(response.truncation, 'auto');
    assert.deepEqual(told(), [['user', 'Two']]);
  });

  it('tells a failure in the middle twice, and keeps what there was', async () => {
    upstream.next({
      headers: { 'content-type': 'text/event-stream' },
      body: [`data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' } }] })}\n\n`],
    });
    const response = await caller.request('POST', '/v1/responses', { body: { model, input: 'Hello', stream: true } });
    const events = eventsIn(await response.text());
    assert.deepEqual(
      events.slice(-2).map(({ type }) => type),
      ['error', 'response.failed'],
    );
    assert.deepEqual(
      events.map((event) => event.sequence_number),
      [...events.keys()],
    );
    const failed = events.at(-1)?.response as unknown as ModelResponse;
    const kept = await client.responses.retrieve(failed.id);
    assert.equal(kept.status, 'failed');
    assert.equal(kept.error?.code, 'server_error');
  });

  it('passes an answer on as it is when the upstream speaks this dialect and nothing is kept', async () => {
    const response = await client.responses.create({ model, input: 'Hello', store: false });
    assert.equal(response.id, 'resp_upstream');
    assert.equal(upstream.ledger.at(-1)?.path, '/v1/responses');
  });

  it('estimates how many tokens a request would be, with what it goes on from', async () => {
    const count = async (fields: object) =>
      (await client.responses.inputTokens.count({ model, ...fields })).input_tokens;
    const one = await count({ input: 'One two three four five.' });
    assert.ok(one > 5 && one < 20, `${one} tokens`);
    const { id } = await client.responses.create({ model, input: 'One two three four five.' });
    assert.ok((await count({ input: 'More.', previous_response_id: id })) > one);
    const tools = [{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: false }];
    assert.ok((await count({ input: 'One two three four five.', tools })) > one);
    await assert.rejects(count({ model: 'nobody', input: 'x' }), { status: 404 });
  });

  it('names what had no effect', async () => {
    const body = { model, input: 'Hello', tools: [{ type: 'web_search' }], prompt_cache_retention: '24h' };
    const response = await caller.request('POST', '/v1/responses', { body });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('x-gateway-ignored') ?? '', /tools\[0\].*prompt_cache_retention/);
  });

  it('keeps nothing of the master key, which owns nothing, unless that is asked for', async () => {
    const master = new OpenAI({ apiKey: app.masterKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
    const response = await master.responses.create({ model, input: 'Hello' });
    assert.equal(storedOf(response), false);
    await assert.rejects(master.responses.create({ model, input: 'Hello', store: true }), { status: 400 });
  });
});

/** A field that the client library does not know. */
function storedOf(response: ModelResponse): unknown {
  return (response as { store?: unknown }).store;
}

interface SentEvent {
  type: string;
  sequence_number: number;
  response?: unknown;
}

function eventsIn(text: string): SentEvent[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as SentEvent);
}
