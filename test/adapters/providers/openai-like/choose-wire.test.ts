import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChatRequest, type Message, noSampling, type Reasoning } from '../../../../src/core/chat.ts';
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
const unsigned = failure(400, 'Encrypted content is not supported with this model.', { param: 'include' });
const unverified = failure(400, 'Your organization must be verified to generate reasoning summaries.', {
  param: 'reasoning.summary',
  code: 'unsupported_value',
});
const operation = failure(400, 'The chatCompletion operation does not work with the specified model, x.');
const notFound = failure(404, 'This model is only supported in v1/responses and not in v1/chat/completions.');

describe('the wire over which a model of OpenAI is asked', () => {
  let now = 0;
  const openAi = useVendor('openai', {}, { now: () => now });
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
    const ignored: string[] = [];
    const onIgnored = (path: string) => ignored.push(path);
    const call = { target: targetOf(modelName), signal: patience(), request: buildChatRequest(request), onIgnored };
    const answer = answerOf(await partsOf(vendor.generate(call)));
    return { answer, ignored, paths: upstream().ledger.map(({ path }) => path), body: upstream().ledger.at(-1)?.json };
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

  it('is known to what is passed on as soon as a translated chat has found it out, for as long', async () => {
    const { vendor, targetOf } = openAi;
    const takesChat = () => vendor.takes?.('openai-chat', targetOf('gpt-shared'));
    assert.equal(takesChat(), true);
    await ask({}, [notFound, responseStream(said)], 'gpt-shared');
    assert.equal(takesChat(), false);
    assert.equal(vendor.takes?.('openai-responses', targetOf('gpt-shared')), true);
    now += 24 * 60 * 60_000;
    assert.equal(takesChat(), true);
  });

  it('is found out by asking, and remembered', async () => {
    const first = await ask({}, [notFound, responseStream(said)], 'gpt-new');
    assert.deepEqual(first.paths, [chat, responses]);
    const second = await ask({}, [responseStream(said)], 'gpt-new');
    assert.deepEqual(second.paths.slice(2), [responses]);
  });

  it('is asked for again after some minutes where an unknown path was all that was heard of it', async () => {
    const bare = failure(404, 'Not Found');
    assert.deepEqual((await ask({}, [bare, responseStream(said)], 'gpt-odd')).paths, [chat, responses]);
    now += 5 * 60_000 - 1;
    assert.deepEqual((await ask({}, [responseStream(said)], 'gpt-odd')).paths.slice(2), [responses]);
    now += 1;
    const asked = await ask({ stop: ['END'] }, [chatStream(said)], 'gpt-odd');
    assert.deepEqual(asked.paths.slice(3), [chat]);
  });

  it('is not Responses for what that has no word for, nor for what is passed on, where a path was unknown once', async () => {
    await ask({}, [failure(404, 'Not Found'), responseStream(said)], 'gpt-once');
    assert.deepEqual((await ask({ stop: ['END'] }, [chatStream(said)], 'gpt-once')).paths.slice(2), [chat]);
    assert.equal(openAi.vendor.takes?.('openai-chat', openAi.targetOf('gpt-once')), true);
    const shy = await ask({ reasoning: signing }, [unverified, chatStream(said)], 'gpt-once');
    assert.deepEqual(shy.paths.slice(3), [responses, chat]);
  });

  it('is remembered for a day where the server has said it, and no longer', async () => {
    await ask({}, [notFound, responseStream(said)], 'gpt-told');
    now += 24 * 60 * 60_000 - 1;
    assert.deepEqual((await ask({}, [responseStream(said)], 'gpt-told')).paths.slice(2), [responses]);
    now += 1;
    assert.deepEqual((await ask({}, [chatStream(said)], 'gpt-told')).paths.slice(3), [chat]);
  });

  it('is remembered where the server has said it, also if the other wire fails just then', async () => {
    await assert.rejects(ask({}, [operation, failure(429, 'Later.')], 'gpt-busy'), { code: 'rate_limit_exceeded' });
    await assert.rejects(ask({ stop: ['END'] }, [], 'gpt-busy'), { code: 'unsupported_value', param: 'stop' });
  });

  it('is that of one request where it is only for what this asks', async () => {
    const elsewhere = failure(400, 'Tools with thoughts are not supported here. Please use /v1/responses instead.');
    assert.deepEqual((await ask({}, [elsewhere, responseStream(said)], 'gpt-half')).paths, [chat, responses]);
    assert.deepEqual((await ask({}, [chatStream(said)], 'gpt-half')).paths.slice(2), [chat]);
  });

  it('is not decided by what a caller has written', async () => {
    const echo = failure(400, `Invalid value: 'This model is only supported in v1/responses.'`);
    await ask({}, [echo, responseStream(said)], 'gpt-echo');
    assert.deepEqual((await ask({}, [chatStream(said)], 'gpt-echo')).paths.slice(2), [chat]);
  });

  for (const [name, request] of [
    ['gpt-chat-first', {}],
    ['gpt-thoughts-first', { reasoning: signing }],
  ] as const) {
    it(`is of no use to ${name} where the path is unknown and the other refuses: another provider may do`, async () => {
      const refusal = failure(400, 'Unsupported value.', { param: 'temperature' });
      await assert.rejects(ask(request, [failure(404, 'Not Found'), refusal], name), { code: 'upstream_error' });
    });

    it(`is of no use to ${name} where the path is unknown and the other is busy, which its caller hears`, async () => {
      const busy = failure(429, 'Later.');
      await assert.rejects(ask(request, [failure(404, 'Not Found'), busy], name), { code: 'rate_limit_exceeded' });
    });
  }

  it('is Chat Completions on a server that has nothing else, whatever is wanted', async () => {
    const { paths } = await ask({ reasoning: signing }, [failure(404, 'Not Found'), chatStream(said)], 'gpt-local');
    assert.deepEqual(paths, [responses, chat]);
  });

  it('is Chat Completions for a model that has no thoughts to sign, which is remembered', async () => {
    const first = await ask({ reasoning: signing }, [unsigned, chatStream(said)], 'gpt-plain');
    assert.deepEqual(first.paths, [responses, chat]);
    assert.deepEqual(first.ignored, ['reasoning.summary']);
    const second = await ask({ reasoning: signing }, [chatStream(said)], 'gpt-plain');
    assert.deepEqual(second.paths.slice(2), [chat]);
    assert.deepEqual(second.ignored, ['reasoning.summary']);
    assert.equal(openAi.vendor.takes?.('openai-responses', openAi.targetOf('gpt-plain')), true);
  });

  it('is Chat Completions for an account that may not see summaries, which decides nothing for the others', async () => {
    const first = await ask({ reasoning: signing }, [unverified, chatStream(said)], 'gpt-shy');
    assert.deepEqual(first.paths, [responses, chat]);
    assert.deepEqual(first.ignored, ['reasoning.summary']);
    const second = await ask({ reasoning: signing }, [responseStream(said)], 'gpt-shy');
    assert.deepEqual(second.paths.slice(2), [responses]);
    assert.deepEqual(second.ignored, []);
  });

  it('is Responses again where something else that was to be included is refused', async () => {
    const refusal = failure(400, 'Logprobs are not supported with this model.', { param: 'include' });
    await ask({ reasoning: signing }, [refusal, chatStream(said)], 'gpt-sure');
    const { paths } = await ask({ reasoning: signing }, [responseStream(said)], 'gpt-sure');
    assert.deepEqual(paths, [responses, chat, responses]);
  });

  it('is said to ignore nothing that the other wire honoured', async () => {
    const { ignored, body } = await ask(
      { reasoning: signing, sampling: { ...noSampling, seed: 7 } },
      [unverified, chatStream(said)],
      'gpt-seeded',
    );
    assert.deepEqual(ignored, ['reasoning.summary']);
    assert.partialDeepStrictEqual(body, { seed: 7 });
  });

  it('stays Responses for a model that has nothing else, whatever it refuses', async () => {
    const rejected = { code: 'upstream_rejected', param: 'reasoning.summary' };
    await assert.rejects(ask({ reasoning: signing }, [unverified], 'gpt-5-pro'), rejected);
    await ask({}, [notFound, responseStream(said)], 'gpt-only');
    await assert.rejects(ask({ reasoning: signing }, [unverified], 'gpt-only'), rejected);
  });

  it('turns out to be Responses alone where a refused request is no chat either', async () => {
    const rejected = { code: 'upstream_rejected', param: 'reasoning.summary' };
    await assert.rejects(ask({ reasoning: signing }, [unverified, notFound], 'gpt-deep'), rejected);
    assert.equal(openAi.upstream().ledger.length, 2);
    assert.deepEqual((await ask({}, [responseStream(said)], 'gpt-deep')).paths, [responses, chat, responses]);
  });

  it('has no sound where it is Responses alone, which its caller hears with the place', async () => {
    const audio = {
      type: 'audio',
      source: { kind: 'data', mediaType: 'audio/wav', data: 'AAAA' },
      format: 'wav',
    } as const;
    const text = { type: 'text', text: 'What is this?' } as const;
    const messages: Message[] = [userSays('Hello.'), { role: 'user', name: null, parts: [text, audio] }];
    await assert.rejects(ask({ messages }, [], 'gpt-5-pro'), {
      code: 'unsupported_value',
      param: 'messages[1].content[1]',
      publicMessage: 'This model of OpenAI does not take sound. Send text, images or files.',
    });
  });

  it('is not changed by any other refusal', async () => {
    const refusal = failure(400, 'Unsupported value.', { param: 'temperature' });
    await assert.rejects(ask({ reasoning: signing }, [refusal], 'gpt-cool'), { param: 'temperature' });
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
