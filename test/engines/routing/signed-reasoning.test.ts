import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerRouter } from '../../helpers/offered-model.ts';
import { speaksAnthropic } from '../../helpers/wire/anthropic.ts';

const model = 'thinker';
const question = { role: 'user', content: 'Why?' };
/** What the upstream signs its thoughts with. */
const native = 'c2lnbmVk';

interface Message {
  role: string;
  content: string;
  reasoning_details: { type: string; text: string; signature: string }[];
}

describe('thoughts that come back in the next request', () => {
  let app: TestApp;
  let upstreams: FakeUpstream[];
  let caller: TestCaller;

  before(async () => {
    const says = speaksAnthropic({ reasoning: ['Let me see.'], text: ['Because.'] });
    [app, ...upstreams] = await Promise.all([startTestApp(), startFakeUpstream(says), startFakeUpstream(says)]);
    const accounts = upstreams.map(({ url }) => ({
      vendor: 'anthropic' as const,
      url,
      modelName: 'claude-sonnet-4-5',
    }));
    await offerRouter(app, model, accounts);
    caller = await app.signUp();
  });
  after(async () => {
    await app.stop();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });
  beforeEach(() => {
    for (const upstream of upstreams) upstream.reset();
  });

  function ask(...messages: unknown[]): Promise<Response> {
    const body = { model, messages, reasoning_effort: 'low', include_reasoning: true };
    return caller.request('POST', '/v1/chat/completions', { body });
  }

  async function firstAnswer(): Promise<Message> {
    const response = await ask(question);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text).choices[0].message;
  }

  it('are signed for the caller by us, not with the signature of the upstream', async () => {
    const [thought] = (await firstAnswer()).reasoning_details;
    assert.match(thought?.signature ?? '', /^v1\.anthropic-[\w-]{12}\.c2lnbmVk\.[\w-]{22}$/);
  });

  it('go to the account that thought them, every time, as it signed them', async () => {
    const message = await firstAnswer();
    const thinker = upstreams.find(({ ledger }) => ledger.length === 1);
    for (let turn = 0; turn < 8; turn += 1) assert.equal((await ask(question, message, question)).status, 200);
    assert.equal(thinker?.ledger.length, 9);
    assert.match(thinker.ledger[8]?.text ?? '', new RegExp(`"signature":"${native}"`));
  });

  it('are kept from another account when theirs is away', async () => {
    const message = await firstAnswer();
    const [thinker, other] = upstreams[0]?.ledger.length === 1 ? upstreams : [...upstreams].reverse();
    thinker?.respond({ status: 500 });
    assert.equal((await ask(question, message, question)).status, 200);
    const seen = other?.ledger[0]?.text ?? '';
    assert.match(seen, /Because\./);
    assert.doesNotMatch(seen, /Let me see|c2lnbmVk|v1\.anthropic/);
  });

  it('are refused when they were altered', async () => {
    const message = await firstAnswer();
    const [thought] = message.reasoning_details;
    assert.ok(thought);
    thought.signature = thought.signature.replace(native, 'Zm9yZ2Vk');
    const response = await ask(question, message, question);
    const { error } = (await response.json()) as { error: { code: string; param: string } };
    assert.deepEqual([response.status, error.param], [400, 'messages[1]']);
  });
});
