import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChatRequest, Message, Reasoning } from '../../../../src/core/chat.ts';
import type { VendorName } from '../../../../src/core/models.ts';
import { patience, useVendor } from '../../../conformance/provider/setup.ts';
import { answerOf, partsOf } from '../../../helpers/chat-parts.ts';
import { buildChatRequest, userSays } from '../../../helpers/chat-request.ts';
import type { Answer } from '../../../helpers/fake-upstream.ts';
import { buildToolCall, buildTrace } from '../../../helpers/reasoning-parts.ts';
import { chatStream, failure } from '../../../helpers/wire/openai.ts';
import { responseStream } from '../../../helpers/wire/openai-responses.ts';

const said = { reasoning: ['Hm', 'm.'], text: ['Yes.'] };
const signing: Reasoning = { effort: 'low', budgetTokens: null, summary: 'auto', includeSignature: true };
const notFound = failure(404, 'This model is only supported in v1/responses and not in v1/chat/completions.');

describe('the wire over which a model of OpenAI is asked', () => {
  const openAi = useVendor('openai');
  const vllm = useVendor('vllm');

  async function ask(
    request: Partial<ChatRequest>,
    answers: readonly Answer[],
    modelName = 'gpt-test',
    name: VendorName = 'openai',
  ) {
    const { vendor, upstream, targetOf } = name === 'openai' ? openAi : vllm;
    upstream().next(...answers);
    assert.ok(vendor.generate);
    const call = { target: targetOf(modelName), signal: patience(), request: buildChatRequest(request) };
    const answer = answerOf(await partsOf(vendor.generate(call)));
    return { answer, paths: upstream().ledger.map(({ path }) => path), body: upstream().ledger.at(-1)?.json };
  }

  const chat = '/v1/chat/completions';
  const responses = '/v1/responses';

  it('is Chat Completions where thoughts are nobody’s concern', async () => {
    assert.deepEqual((await ask({}, [chatStream(said)])).paths, [chat]);
  });

  it('is Responses where thoughts are to be signed, which keep the vendor’s id', async () => {
    const { answer, paths, body } = await ask({ reasoning: signing }, [responseStream(said)]);
    assert.deepEqual(paths, [responses]);
    const [thought] = answer.blocks;
    assert.deepEqual(
      [thought?.id, thought?.block.kind, thought?.text, thought?.signature],
      ['rs_1', 'reasoning', 'Hmm.', 'c2VjcmV0'],
    );
    assert.partialDeepStrictEqual(body, {
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'low', summary: 'auto' },
    });
  });

  it('is Responses where signed thoughts are to be taken back, each in its place', async () => {
    const trace = buildTrace({ id: 'rs_1', text: 'Hmm.', isSummary: true, signature: 'c2VjcmV0' });
    const turn: Message = {
      role: 'assistant',
      name: null,
      parts: [trace, buildToolCall({ kind: 'custom', arguments: 'x' })],
    };
    const result = { type: 'tool_result', callId: 'call_1', name: null, isError: false, parts: [] } as const;
    const messages = [userSays('Why?'), turn, { role: 'user', name: null, parts: [result] } as const];
    const { body } = await ask({ messages }, [responseStream(said)]);
    const { input } = body as { input: unknown[] };
    assert.deepEqual(input.slice(1), [
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Hmm.' }],
        encrypted_content: 'c2VjcmV0',
      },
      { type: 'custom_tool_call', call_id: 'call_1', name: 'f', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'call_1', output: '' },
    ]);
  });

  it('is Responses for the models that are known to speak nothing else', async () => {
    for (const name of ['gpt-5-pro', 'o3-pro-2025-06-10', 'gpt-5.1-codex-max', 'codex-mini-latest']) {
      assert.equal((await ask({}, [responseStream(said)], name)).paths.at(-1), responses, name);
    }
  });

  it('is not Chat Completions for these even where their caller speaks it', () => {
    const { vendor, targetOf } = openAi;
    assert.equal(vendor.takes?.('openai-chat', targetOf('gpt-5-pro')), false);
    assert.equal(vendor.takes?.('openai-responses', targetOf('gpt-5-pro')), true);
    assert.equal(vendor.takes?.('openai-chat', targetOf('gpt-5')), true);
  });

  it('is found out by asking, and remembered', async () => {
    const first = await ask({}, [notFound, responseStream(said)], 'gpt-new');
    assert.deepEqual(first.paths, [chat, responses]);
    const second = await ask({}, [responseStream(said)], 'gpt-new');
    assert.deepEqual(second.paths.slice(2), [responses]);
  });

  it('is Chat Completions on a server that has nothing else, whatever is wanted', async () => {
    const { paths } = await ask({ reasoning: signing }, [failure(404, 'Not Found'), chatStream(said)], 'gpt-local');
    assert.deepEqual(paths, [responses, chat]);
  });

  it('is Chat Completions for what Responses has no word for', async () => {
    assert.deepEqual((await ask({ reasoning: signing, stop: ['END'] }, [chatStream(said)])).paths, [chat]);
  });

  it('is Chat Completions at vendors that are like OpenAI in that alone', async () => {
    assert.deepEqual((await ask({ reasoning: signing }, [chatStream(said)], 'qwen', 'vllm')).paths, [chat]);
  });

  it('does not matter to a model that is nowhere', async () => {
    await assert.rejects(ask({}, [failure(404, 'Gone.'), failure(404, 'Gone.')], 'gpt-gone'), {
      code: 'upstream_error',
    });
    assert.deepEqual((await ask({}, [chatStream(said)], 'gpt-gone')).paths.slice(2), [chat]);
  });
});
