import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import type { ResponseCreateParamsNonStreaming, ResponseInputItem } from 'openai/resources/responses/responses';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { messageStream, speaksAnthropic } from '../../helpers/wire/anthropic.ts';

const model = 'thinker';
const thinkingCall = {
  reasoning: ['Hm', 'm.'],
  toolCalls: [{ id: 'toolu_1', name: 'weather', arguments: ['{"place":"Ghent"}'] }],
};
const signed = { type: 'thinking', thinking: 'Hmm.', signature: 'c2lnbmVk' };
const question: ResponseCreateParamsNonStreaming = {
  model,
  input: [{ role: 'user', content: 'Weather?' }],
  reasoning: { effort: 'low', summary: 'auto' },
  tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: false }],
};

describe('thoughts, which their vendor wants back unchanged and in their place', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksAnthropic());
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url, vendor: 'anthropic', modelName: 'claude-sonnet-4-5' });
    const { key } = await app.signUp();
    client = new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.reset();
    upstream.next(messageStream(thinkingCall));
  });

  /** The last turn of the assistant, as the vendor was told it. */
  function turnOfAssistant(): { type: string }[] {
    const asked = upstream.ledger.at(-1);
    assert.ok(asked);
    const { messages } = asked.json as { messages: { role: string; content: { type: string }[] }[] };
    const turn = messages.findLast(({ role }) => role === 'assistant');
    assert.ok(turn);
    return turn.content;
  }

  const result = (callId: string): ResponseInputItem => ({
    type: 'function_call_output',
    call_id: callId,
    output: 'Rain',
  });

  it('go back by themselves from a stored response, and are shown to nobody who does not ask', async () => {
    const first = await client.responses.create(question);
    assert.doesNotMatch(JSON.stringify(first), /encrypted_content/);
    const call = first.output.find((item) => item.type === 'function_call');
    const input = [result(call?.call_id ?? '')];
    await client.responses.create({ ...question, input, previous_response_id: first.id });
    const [thought, use] = turnOfAssistant();
    assert.deepEqual(thought, signed);
    assert.equal(use?.type, 'tool_use');
  });

  it('go back as the caller got them when nothing is stored', async () => {
    const stateless = { ...question, store: false, include: ['reasoning.encrypted_content' as const] };
    const first = await client.responses.create(stateless);
    const [thought, call] = first.output;
    assert.ok(thought?.type === 'reasoning' && thought.encrypted_content);
    assert.deepEqual(
      thought.summary.map(({ text }) => text),
      ['Hmm.'],
    );
    assert.doesNotMatch(thought.encrypted_content, /^c2lnbmVk$/);
    assert.ok(call?.type === 'function_call');
    const input = [...(question.input as ResponseInputItem[]), ...(first.output as ResponseInputItem[])];
    await client.responses.create({ ...stateless, input: [...input, result(call.call_id)] });
    assert.deepEqual(turnOfAssistant().at(0), signed);
  });

  it('are refused when they come back altered', async () => {
    const stateless = { ...question, store: false, include: ['reasoning.encrypted_content' as const] };
    const { output } = await client.responses.create(stateless);
    const altered = output.map((item) =>
      item.type === 'reasoning' ? { ...item, encrypted_content: `${item.encrypted_content}x` } : item,
    );
    const input = [...(question.input as ResponseInputItem[]), ...(altered as ResponseInputItem[])];
    await assert.rejects(client.responses.create({ ...stateless, input }), { status: 400 });
  });
});
