import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { createShortCalls } from '../../../src/adapters/temporal/short-calls.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'all-minilm-l6-v2';

describe('short calls in a worker', () => {
  let app: TestApp;
  let user: TestCaller;
  let upstream: FakeUpstream;
  let connection: Connection;
  let temporal: Client;
  before(async () => {
    app = await startTestApp({ workers: true, config: { shortCalls: { where: 'worker' } } });
    upstream = await startFakeUpstream();
    await offerModel(app, { name: 'speaker', url: upstream.url });
    user = await app.signUp();
    connection = await Connection.connect({ address: useEngines().temporalAddress });
    temporal = new Client({ connection });
  });
  after(async () => {
    await connection.close();
    await app.stop();
    await upstream.close();
  });

  const embed = (input: unknown, more: object = {}) =>
    user.request('POST', '/v1/embeddings', { body: { model, input, ...more } });

  async function activities(status: string, queuePrefix = app.deps.config.temporal.queuePrefix): Promise<number> {
    const { count } = await temporal.activity.count(
      `TaskQueue = '${queuePrefix}-short' AND ExecutionStatus = '${status}'`,
    );
    return Number(count);
  }

  it('are answered as they are inline', async () => {
    const { embed: inline } = app.verbs;
    const response = await embed(['hello', 'world']);
    assert.equal(response.status, 200);
    const { data } = (await response.json()) as { data: { embedding: number[] }[] };
    const principal = await app.deps.principals.ofUser(user.userId);
    const here = await inline({ model, texts: ['hello', 'world'], dimensions: null }, buildCall({ principal }));
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      here.vectors.map((vector) => [...vector]),
    );
  });

  it('are seen in the workflow engine', async (t) => {
    const before = await activities('Completed');
    await (await embed('seen')).arrayBuffer();
    await t.waitFor(async () => assert.ok((await activities('Completed')) > before), { timeout: 10_000 });
  });

  it('fail with the words of the same call inline', async () => {
    const response = await embed('x', { model: 'unheard-of' });
    assert.equal(response.status, 404);
    const { error } = (await response.json()) as { error: { code: string; param: string } };
    assert.deepEqual([error.code, error.param], ['model_not_found', 'model']);
  });

  it('keep responses, and go on from them', async () => {
    upstream.respond(speaksOpenAi());
    const respond = (body: object) =>
      user.json<{ id: string }>('POST', '/v1/responses', { body: { model: 'speaker', ...body } });
    const first = await respond({ input: 'One' });
    assert.deepEqual(await user.json('GET', `/v1/responses/${first.id}`), first);
    await respond({ input: 'Two', previous_response_id: first.id });
    const asked = upstream.ledger.at(-1);
    assert.ok(asked);
    const { messages } = asked.json as { messages: { content: unknown }[] };
    assert.deepEqual(
      messages.map(({ content }) => content),
      ['One', 'Hello there.', 'Two'],
    );
  });

  it('pass an upstream’s answer on in its own bytes', async () => {
    upstream.respond(speaksOpenAi({ text: ['Hello'] }));
    const body = { model: 'speaker', messages: [{ role: 'user', content: 'Hello?' }] };
    const response = await user.request('POST', '/v1/chat/completions', { body });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('x-switchyard-provider') ?? '', /^openai-/);
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    assert.equal(choices[0]?.message.content, 'Hello');
  });

  it('take what is too large to travel, and leave no file behind', async () => {
    const response = await embed(Array.from({ length: 200 }, (_, index) => `text ${index} `.repeat(20)));
    assert.equal(response.status, 200);
    const { data } = (await response.json()) as { data: unknown[] };
    assert.equal(data.length, 200);
    assert.equal(await app.deps.blobs.sweep(Date.now() + 1_000), 0);
  });

  it('end when their caller leaves', async (t) => {
    upstream.reset();
    upstream.respond('silence');
    const leaving = new AbortController();
    const body = { model: 'speaker', messages: [{ role: 'user', content: 'Hello?' }] };
    const gone = assert.rejects(user.request('POST', '/v1/chat/completions', { body, signal: leaving.signal }));
    await t.waitFor(() => assert.equal(upstream.ledger.length, 1), { timeout: 20_000 });
    leaving.abort();
    await gone;
    await t.waitFor(() => assert.notEqual(upstream.ledger[0]?.abandonedAt, null), { timeout: 20_000 });
    await t.waitFor(async () => assert.equal(await activities('Canceled'), 1), { timeout: 20_000 });
  });

  it('end when their caller leaves while they are being started', async (t) => {
    const leaving = new AbortController();
    const { namespace, queuePrefix } = app.deps.config.temporal;
    const unserved = `${queuePrefix}-unserved`;
    const settings = { namespace, queuePrefix: unserved, timeoutMs: 60_000 };
    const { embed: embedElsewhere } = createShortCalls(connection, settings).over(app.verbs);
    const call = buildCall({ principal: await app.deps.principals.ofUser(user.userId), signal: leaving.signal });
    const gone = assert.rejects(async () => embedElsewhere({ model, texts: ['x'], dimensions: null }, call));
    // The engine has been asked by now, and its answer takes a turn of the loop at least.
    setImmediate(() => leaving.abort());
    await gone;
    await t.waitFor(async () => assert.equal(await activities('Canceled', unserved), 1), { timeout: 20_000 });
  });
});
