import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { ConversationItem } from 'openai/resources/conversations/items';
import { foldResponse } from '../../../src/protocols/openai/responses/create-response.ts';
import { responseRequest } from '../../../src/protocols/openai/responses/request.ts';
import { toRespondCall } from '../../../src/protocols/openai/responses/to-core.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';

describe('/v1/conversations', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let client: OpenAI;
  let userId: number;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
    const caller = await app.signUp();
    userId = caller.userId;
    client = clientOf(caller);
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  function clientOf({ key }: TestCaller): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }

  async function textsOf(id: string): Promise<string[]> {
    const texts: string[] = [];
    for await (const item of client.conversations.items.list(id, { order: 'asc', limit: 2 })) texts.push(textOf(item));
    return texts;
  }

  it('are made, shown, labelled anew and deleted', async () => {
    const made = await client.conversations.create({ metadata: { topic: 'trains' } });
    assert.match(made.id, /^conv_[0-9a-f]{48}$/);
    assert.deepEqual(await client.conversations.retrieve(made.id), made);
    const changed = await client.conversations.update(made.id, { metadata: { topic: 'boats' } });
    assert.deepEqual(changed, { ...made, metadata: { topic: 'boats' } });
    const deleted = await client.conversations.delete(made.id);
    assert.deepEqual(deleted, { id: made.id, object: 'conversation.deleted', deleted: true });
    await assert.rejects(client.conversations.retrieve(made.id), { status: 404 });
    await assert.rejects(client.conversations.items.list(made.id), { status: 404 });
  });

  it('are made without a body', async () => {
    assert.deepEqual((await client.conversations.create()).metadata, {});
  });

  it('grow by every response, and give it what was said before', async () => {
    const { id } = await client.conversations.create({ items: [{ role: 'developer', content: 'Be brief.' }] });
    const first = await client.responses.create({ model, input: 'One', conversation: id });
    assert.deepEqual(first.conversation, { id });
    await client.responses.create({ model, input: 'Two', conversation: { id } });
    const asked = upstream.ledger.at(-1);
    assert.ok(asked);
    const { messages } = asked.json as { messages: { content: unknown }[] };
    assert.deepEqual(
      messages.map(({ content }) => content),
      ['Be brief.', 'One', 'Hello there.', 'Two'],
    );
    assert.deepEqual(await textsOf(id), ['Be brief.', 'One', 'Hello there.', 'Two', 'Hello there.']);
  });

  it('grow by a response that is not stored itself', async () => {
    const { id } = await client.conversations.create();
    const response = await client.responses.create({ model, input: 'One', conversation: id, store: false });
    assert.deepEqual(await textsOf(id), ['One', 'Hello there.']);
    await assert.rejects(client.responses.retrieve(response.id), { status: 404 });
  });

  it('do not grow by a response that failed', async () => {
    const { id } = await client.conversations.create();
    upstream.next(failure(400, 'No.'));
    await assert.rejects(client.responses.create({ model, input: 'One', conversation: id }), { status: 400 });
    assert.deepEqual(await textsOf(id), []);
  });

  it('take items, show one and delete one', async () => {
    const { id } = await client.conversations.create();
    const items = ['One', 'Two', 'Three'].map((content) => ({ role: 'user' as const, content }));
    const added = await client.conversations.items.create(id, { items });
    assert.equal(added.data.length, 3);
    const [one, two] = added.data;
    assert.ok(one?.id && two?.id);
    const shown = await client.conversations.items.retrieve(two.id, { conversation_id: id });
    assert.deepEqual(shown, two);
    assert.equal((await client.conversations.items.delete(one.id, { conversation_id: id })).id, id);
    await assert.rejects(client.conversations.items.retrieve(one.id, { conversation_id: id }), { status: 404 });
    assert.deepEqual(await textsOf(id), ['Two', 'Three']);
  });

  it('are listed from the latest item unless said otherwise', async () => {
    const { id } = await client.conversations.create({ items: [{ role: 'user', content: 'One' }] });
    await client.conversations.items.create(id, { items: [{ role: 'user', content: 'Two' }] });
    const page = await client.conversations.items.list(id, { limit: 1 });
    assert.deepEqual(page.data.map(textOf), ['Two']);
    assert.equal(page.has_more, true);
    const next = await client.conversations.items.list(id, { after: page.last_id });
    assert.deepEqual(next.data.map(textOf), ['One']);
    await assert.rejects(client.conversations.items.list(id, { after: 'nothing' }), { status: 400 });
  });

  it('grow once by a response whose worker was lost after it was stored, and whose model is not asked again', async () => {
    const { id: conversation } = await client.conversations.create();
    const body = responseRequest.parse({ model, input: 'One', conversation });
    const principal = await app.deps.principals.ofUser(userId);
    const call = buildCall({ principal, idempotencyKey: app.deps.newJobId(Date.now()) });
    const attempt = async () =>
      foldResponse(body, await Array.fromAsync(app.verbs.respond(toRespondCall(body, null), call)));
    const first = await attempt();
    upstream.next(failure(500, 'It is not to be asked again.'));
    assert.deepEqual(await attempt(), first);
    upstream.reset();
    assert.deepEqual(await textsOf(conversation), ['One', 'Hello there.']);
  });

  it('refuse an item by the path of its fault', async () => {
    const { id } = await client.conversations.create();
    const items = [{ role: 'user' as const, content: [{ type: 'input_file' as const, filename: 'a.pdf' }] }];
    await assert.rejects(client.conversations.items.create(id, { items }), {
      status: 400,
      param: 'items[0].content[0].file_data',
    });
  });

  it('lose no item when several are added at once, and keep those of one call together', async () => {
    const { id } = await client.conversations.create();
    const pairs = Array.from({ length: 8 }, (_, n) => [`${n} a`, `${n} b`]);
    await Promise.all(
      pairs.map((texts) =>
        client.conversations.items.create(id, { items: texts.map((content) => ({ role: 'user' as const, content })) }),
      ),
    );
    const texts = await textsOf(id);
    const together = texts.filter((_, index) => index % 2 === 0).map((text) => [text, text.replace('a', 'b')]);
    assert.deepEqual(texts, together.flat());
    assert.equal(new Set(texts).size, 16);
  });

  it('have an item once, however often a step that adds it is repeated', async () => {
    const { id } = await client.conversations.create({ items: [{ role: 'user', content: 'One' }] });
    const [one] = (await client.conversations.items.list(id)).data;
    assert.ok(one?.type === 'message');
    const two = { type: 'message' as const, role: 'user' as const, content: 'Two' };
    const items = [{ id: one.id, ...two, content: 'One again' }, two];
    await client.conversations.items.create(id, { items });
    assert.deepEqual(await textsOf(id), ['One', 'Two']);
  });

  it('are unknown to everybody but their owner', async () => {
    const { id } = await client.conversations.create();
    const stranger = clientOf(await app.signUp());
    const attempts = [
      () => stranger.conversations.retrieve(id),
      () => stranger.conversations.update(id, { metadata: {} }),
      () => stranger.conversations.delete(id),
      () => stranger.conversations.items.list(id),
      () => stranger.conversations.items.create(id, { items: [{ role: 'user', content: 'x' }] }),
      () => stranger.responses.create({ model, input: 'x', conversation: id }),
    ];
    for (const attempt of attempts) await assert.rejects(async () => attempt(), { status: 404 });
    assert.equal((await client.conversations.retrieve(id)).id, id);
  });
});

function textOf(item: ConversationItem): string {
  if (item.type !== 'message') return item.type;
  return item.content.map((part) => ('text' in part ? part.text : part.type)).join('');
}
