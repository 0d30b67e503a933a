import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { Response as ModelResponse } from 'openai/resources/responses/responses';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, sseAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';

describe('a response in the background', () => {
  let app: TestApp;
  /** Another process on the same engines. */
  let other: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp({ workers: true });
    const { mongodb, temporal } = app.deps.config;
    other = await startTestApp({ config: { mongodb, temporal } });
    await offerModel(app, { name: model, url: upstream.url });
    caller = await app.signUp();
    client = new OpenAI({ apiKey: caller.key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });
  after(async () => {
    await other.stop();
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.reset());

  /** As users of the client library wait: it has no helper for it. */
  async function ended(id: string): Promise<ModelResponse> {
    for (;;) {
      const response = await client.responses.retrieve(id);
      assert.ok(Array.isArray(response.output));
      if (response.status !== 'queued' && response.status !== 'in_progress') return response;
      await caller.json('GET', `/v1/jobs/${id.replace('resp_', 'job_')}?wait=5`);
    }
  }

  /** A model that has begun to speak, and goes on when it is let. */
  function haltedSpeech() {
    const { promise, resolve } = Promise.withResolvers<void>();
    const said = speaksOpenAi({ text: ['Hel', 'lo'] });
    upstream.respond((asked) => {
      const answer = said(asked);
      if (typeof answer === 'string') return answer;
      const [head = '', first = '', ...rest] = answer.body ?? [];
      return { ...answer, body: [head, first, { until: promise }, ...rest] };
    });
    return { goOn: resolve };
  }

  async function textOf(path: string): Promise<string> {
    return (await caller.request('GET', path)).text();
  }

  it('is answered at once, and completed later', async () => {
    const queued = await client.responses.create({ model, input: 'Hello', background: true });
    assert.equal(queued.status, 'queued');
    assert.deepEqual(queued.output, []);
    assert.match(queued.id, /^resp_[0-9a-z]{28}$/);
    const response = await ended(queued.id);
    assert.equal(response.status, 'completed');
    assert.equal(response.output_text, 'Hello there.');
    assert.equal(response.background, true);
  });

  it('says when to ask again while it is not ended, and what it was asked', async () => {
    const speech = haltedSpeech();
    const { id } = await client.responses.create({ model, input: 'Hello', background: true });
    const { response } = await client.responses.retrieve(id).withResponse();
    assert.equal(response.headers.get('openai-poll-after-ms'), '1000');
    const [item] = (await client.responses.inputItems.list(id)).data;
    assert.match(JSON.stringify(item), /Hello/);
    await assert.rejects(client.responses.create({ model, input: 'And?', previous_response_id: id }), { status: 409 });
    await assert.rejects(client.responses.delete(id), { status: 409 });
    speech.goOn();
    await ended(id);
    const next = await client.responses.create({ model, input: 'And?', previous_response_id: id });
    assert.equal(next.previous_response_id, id);
  });

  it('is cancelled, and the work of its model ended', async () => {
    haltedSpeech();
    const { id } = await client.responses.create({ model, input: 'Hello', background: true });
    await waitFor('the model to be asked', () => upstream.ledger.length === 1);
    assert.equal((await client.responses.cancel(id)).status, 'cancelled');
    assert.equal((await client.responses.cancel(id)).status, 'cancelled');
    await waitFor('the model to be left', () => upstream.ledger.at(0)?.abandonedAt !== null);
    assert.equal((await client.responses.retrieve(id)).status, 'cancelled');
  });

  it('fails in its own words', async () => {
    upstream.respond(failure(400, 'No.'));
    const { id } = await client.responses.create({ model, input: 'Hello', background: true });
    const response = await ended(id);
    assert.equal(response.status, 'failed');
    assert.equal(response.error?.code, 'invalid_prompt');
  });

  it('is refused at once for what its call would be refused for', async () => {
    const missing = 'resp_0000000000000000000000000000';
    const attempts = [
      { model: 'nobody', input: 'x', background: true },
      { model, input: 'x', background: true, previous_response_id: missing },
      { model, input: 'x', background: true, conversation: 'conv_none' },
    ];
    for (const body of attempts) assert.equal((await caller.request('POST', '/v1/responses', { body })).status, 404);
  });

  it('is the same response for the same idempotency key', async () => {
    const request = { body: { model, input: 'Hello', background: true }, headers: { 'idempotency-key': 'once' } };
    const first = await caller.json<ModelResponse>('POST', '/v1/responses', request);
    const second = await caller.json<ModelResponse>('POST', '/v1/responses', request);
    assert.equal(second.id, first.id);
  });

  it('streams from the moment it is accepted, to the client that asked and to one that comes later', async () => {
    const stream = client.responses.stream({ model, input: 'Hello', background: true });
    const types: string[] = [];
    stream.on('event', ({ type }) => types.push(type));
    const final = await stream.finalResponse();
    assert.deepEqual(types.slice(0, 3), ['response.created', 'response.queued', 'response.in_progress']);
    assert.equal(final.output_text, 'Hello there.');
    const again = client.responses.stream({ response_id: final.id, starting_after: 4 });
    assert.equal((await again.finalResponse()).output_text, 'Hello there.');
  });

  it('is read again from every place, byte for byte, also by another process', async () => {
    const { id } = await client.responses.stream({ model, input: 'Hello', background: true }).finalResponse();
    const whole = await textOf(`/v1/responses/${id}?stream=true`);
    const frames = whole.split(/(?<=\n\n)/);
    assert.ok(frames.length > 8, whole);
    for (const [index] of frames.entries()) {
      const path = `/v1/responses/${id}?stream=true&starting_after=${index}`;
      assert.equal(await textOf(path), frames.slice(index + 1).join(''));
      const elsewhere = await fetch(`${other.url}${path}`, { headers: { authorization: `Bearer ${caller.key}` } });
      assert.equal(await elsewhere.text(), frames.slice(index + 1).join(''));
    }
  });

  it('is followed while it comes into being', async () => {
    const speech = haltedSpeech();
    const body = { model, input: 'Hello', background: true, stream: true };
    const response = await caller.request('POST', '/v1/responses', { body });
    let text = '';
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      if (text.includes('"delta":"Hel"')) speech.goOn();
    }
    assert.match(text, /"delta":"lo"/);
    assert.match(text, /event: response\.completed\n/);
  });

  it('tells its failure to whoever follows it', async () => {
    upstream.respond(sseAnswer([{ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hel' } }] }]));
    upstream.next(failure(400, 'No.'));
    const body = { model, input: 'Hello', background: true, stream: true };
    const text = await (await caller.request('POST', '/v1/responses', { body })).text();
    assert.match(text, /event: response\.failed\n.*"sequence_number":2,.*"status":"failed"/);
  });

  it('has no events to read again without `stream`', async () => {
    const { id } = await client.responses.create({ model, input: 'Hello', background: true });
    const response = await caller.request('GET', `/v1/responses/${id}?stream=true`);
    assert.equal(response.status, 400);
  });

  it('has all its events, too, when it was a header that made it a job', async () => {
    const headers = { prefer: 'respond-async, wait=30' };
    const body = { model, input: 'Hello', stream: true };
    const { id } = await caller.json<ModelResponse>('POST', '/v1/responses', { body, headers });
    const text = await textOf(`/v1/responses/${id}?stream=true`);
    const numbers = [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    assert.deepEqual(numbers, [...numbers.keys()]);
    assert.match(text, /^event: response\.created\n/);
    assert.match(text, /event: response\.completed\n/);
  });

  it('is deleted with its job', async () => {
    const { id } = await client.responses.create({ model, input: 'Hello', background: true });
    await ended(id);
    await waitFor('the job to have ended', async () => {
      return (await caller.request('DELETE', `/v1/responses/${id}`)).status === 200;
    });
    await assert.rejects(client.responses.retrieve(id), { status: 404 });
    assert.equal((await caller.request('GET', `/v1/jobs/${id.replace('resp_', 'job_')}`)).status, 404);
  });

  it('answers as a job what it answers at once', async () => {
    const body = { model, input: 'Hello', metadata: { a: 'b' } };
    const now = await caller.json<ModelResponse>('POST', '/v1/responses', { body });
    const headers = { prefer: 'respond-async, wait=30' };
    const later = await caller.json<ModelResponse>('POST', '/v1/responses', { body, headers });
    assert.deepEqual(withoutIdentity(later), withoutIdentity(now));
    assert.deepEqual(await caller.json('GET', `/v1/responses/${later.id}`), later);
  });
});

/** Ids and times differ, and nothing else may. */
function withoutIdentity(response: ModelResponse): unknown {
  const { id, created_at: _created, completed_at: _completed, ...rest } = response;
  return JSON.parse(JSON.stringify(rest).replaceAll(id.slice('resp_'.length), 'ID'));
}
