import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildStoredChat } from '../../helpers/chats.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { chatStream, failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';
const maxStoredBytes = 2_000;
const messages = [{ role: 'user', content: 'Hello' }] as const;

describe('stored completions', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp({ config: { chat: { maxStoredBytes } } });
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    upstream.reset();
    caller = await app.signUp();
    client = connect(caller.key);
  });

  function connect(apiKey: string): OpenAI {
    return new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }

  function ask(metadata: Record<string, string> = {}, content = 'Hello') {
    return client.chat.completions.create({ model, messages: [{ role: 'user', content }], store: true, metadata });
  }

  async function idsOf(query: OpenAI.ChatCompletionListParams = {}): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of client.chat.completions.list(query)) ids.push(id);
    return ids;
  }

  it('are shown as they were answered, with their labels', async () => {
    const answered = await ask({ team: 'a' });
    assert.equal(answered.choices[0]?.message.content, 'Hello there.');
    assert.deepEqual(await client.chat.completions.retrieve(answered.id), { ...answered, metadata: { team: 'a' } });
  });

  it('are kept of a stream that was read to its end', async () => {
    const stream = client.chat.completions.stream({ model, messages: [...messages], store: true });
    const { id, choices } = await stream.finalChatCompletion();
    const stored = await client.chat.completions.retrieve(id);
    assert.equal(stored.choices[0]?.message.content, choices[0]?.message.content);
    assert.equal(stored.usage?.total_tokens, 12);
  });

  it('are not kept unless that was asked for', async () => {
    const { id } = await client.chat.completions.create({ model, messages: [...messages], metadata: { team: 'a' } });
    await assert.rejects(client.chat.completions.retrieve(id), { status: 404 });
    assert.deepEqual(await idsOf(), []);
  });

  it('are not kept of an answer that broke off', async () => {
    const { body = [] } = chatStream({ text: ['Hel', 'lo'] });
    upstream.respond({ headers: { 'content-type': 'text/event-stream' }, body: body.slice(0, 2), ending: 'cut' });
    await assert.rejects(client.chat.completions.stream({ model, messages: [...messages], store: true }).done());
    upstream.respond(failure(500, 'No.'));
    await assert.rejects(ask());
    assert.deepEqual(await idsOf(), []);
  });

  it('are listed by model and labels, page by page, in either order', async () => {
    const ids: string[] = [];
    for (const team of ['a', 'b', 'a', 'b', 'a']) ids.push((await ask({ team, 'odd.$key': 'x' })).id);
    assert.deepEqual(await idsOf(), ids);
    assert.deepEqual(await idsOf({ limit: 2, order: 'desc' }), ids.toReversed());
    assert.deepEqual(await idsOf({ limit: 2, metadata: { team: 'a', 'odd.$key': 'x' } }), [ids[0], ids[2], ids[4]]);
    assert.deepEqual(await idsOf({ metadata: { team: 'a', 'odd.$key': 'y' } }), []);
    assert.deepEqual(await idsOf({ model: 'another' }), []);
    assert.deepEqual(await idsOf({ model, after: ids[3] ?? '' }), [ids[4]]);
    await assert.rejects(idsOf({ after: 'chatcmpl-none' }), { status: 404, param: 'after' });
  });

  it('are labelled anew and deleted', async () => {
    const { id } = await ask({ team: 'a' });
    const relabelled = await client.chat.completions.update(id, { metadata: { team: 'b' } });
    assert.deepEqual(relabelled.metadata, { team: 'b' });
    assert.deepEqual(await idsOf({ metadata: { team: 'b' } }), [id]);
    assert.deepEqual((await client.chat.completions.update(id, { metadata: null })).metadata, {});
    const deleted = await client.chat.completions.delete(id);
    assert.deepEqual(deleted, { id, object: 'chat.completion.deleted', deleted: true });
    await assert.rejects(client.chat.completions.retrieve(id), { status: 404 });
    await assert.rejects(client.chat.completions.delete(id), { status: 404 });
  });

  it('show the messages that they answer', async () => {
    const { id } = await client.chat.completions.create({
      model,
      store: true,
      messages: [
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'Rain?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        },
        {
          role: 'assistant',
          tool_calls: [{ type: 'function', id: 'call_1', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'Rain' },
      ],
    });
    const shown = await Array.fromAsync(client.chat.completions.messages.list(id, { limit: 3 }));
    const common = { name: null, content: null, content_parts: null, refusal: null };
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const call = { type: 'function', id: 'call_1', function: { name: 'weather', arguments: '{}' } };
    assert.deepEqual(shown, [
      { ...common, id: `${id}-0`, role: 'system', content: 'Be kind.' },
      {
        ...common,
        id: `${id}-1`,
        role: 'user',
        name: 'ann',
        content: 'Rain?',
        content_parts: [{ type: 'text', text: 'Rain?' }, image],
      },
      { ...common, id: `${id}-2`, role: 'assistant', tool_calls: [call] },
      { ...common, id: `${id}-3`, role: 'tool', name: 'weather', content: 'Rain', tool_call_id: 'call_1' },
    ]);
    const backwards = await Array.fromAsync(client.chat.completions.messages.list(id, { order: 'desc', limit: 1 }));
    assert.deepEqual(backwards, shown.toReversed());
  });

  it('are gone when their time is over', async () => {
    const chat = buildStoredChat({ id: 'short-lived', ownerId: caller.userId, expiresAt: Date.now() + 60_000 });
    await app.deps.storedChats.put(chat);
    assert.deepEqual(await idsOf(), ['chatcmpl-short-lived']);
    await app.deps.storedChats.put({ ...chat, expiresAt: Date.now() });
    assert.deepEqual(await idsOf(), []);
    await assert.rejects(client.chat.completions.retrieve('chatcmpl-short-lived'), { status: 404 });
  });

  it('are as long as allowed, and one byte more is refused before the model is asked', async () => {
    const empty = JSON.stringify([{ role: 'user', name: null, parts: [{ type: 'text', text: '' }] }]).length;
    const { id } = await ask({}, 'x'.repeat(maxStoredBytes - empty));
    assert.deepEqual(await idsOf(), [id]);
    upstream.reset();
    await assert.rejects(ask({}, 'x'.repeat(maxStoredBytes - empty + 1)), { status: 400, param: 'store' });
    assert.equal(upstream.ledger.length, 0);
  });

  it('of jobs are refused as early', async () => {
    const content = 'x'.repeat(maxStoredBytes);
    const body = { model, messages: [{ role: 'user', content }], store: true };
    const headers = { prefer: 'respond-async' };
    const response = await caller.request('POST', '/v1/chat/completions', { body, headers });
    assert.equal(response.status, 400);
    assert.equal(
      (await caller.request('POST', '/v1/chat/completions', { body: { ...body, store: false }, headers })).status,
      202,
    );
  });

  it('are not for the master key, which owns nothing', async () => {
    client = connect(app.masterKey);
    await assert.rejects(ask(), { status: 400, code: 'unsupported_operation' });
    assert.equal(upstream.ledger.length, 0);
    assert.deepEqual(await idsOf(), []);
  });
});
