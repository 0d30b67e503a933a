import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canRelay, relay } from '../../../src/activities/relay/relay.ts';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import type { WireDialect, WireRequest } from '../../../src/core/chat.ts';
import { useVendor } from '../../conformance/provider/setup.ts';
import { buildCall } from '../../helpers/calls.ts';
import { answerOf } from '../../helpers/chat-parts.ts';
import { buildChatRequest } from '../../helpers/chat-request.ts';
import type { Answer } from '../../helpers/fake-upstream.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';
import { createTestServe } from '../../helpers/serving.ts';
import { chatStream, failure } from '../../helpers/wire/openai.ts';
import { responseStream } from '../../helpers/wire/openai-responses.ts';

const refusal = failure(400, 'The chatCompletion operation does not work with the specified model, deep.');

describe('a request that could be passed on', () => {
  const { vendor, upstream } = useVendor('azure');

  async function ask(dialect: WireDialect, stream: boolean, deployment = 'there', maxAttempts = 3): Promise<string> {
    const wire: WireRequest = {
      dialect,
      bytes: Buffer.from('{"model":"m"}'),
      stream,
      hidesUsage: stream,
    };
    const request = buildChatRequest();
    const provider = buildProvider({
      vendor: 'azure',
      url: upstream().url,
      modelName: `${dialect}-${stream}-${deployment}`,
    });
    const router = buildRouter({ providers: [provider], type: 'text-generation' });
    const ignore = () => undefined;
    const hooks = { onUsage: ignore, onEnd: ignore, onFrames: ignore, onText: ignore };
    const parts = createTestServe(
      () => vendor,
      {},
      { maxAttempts, maxWaitMs: 10_000, maxWaiting: 10 },
    ).stream<ChatPart>(
      router,
      buildCall(),
      (generate, chosen) => {
        const translate = (ask: typeof generate) => ask({ ...chosen, request });
        return canRelay(chosen, wire) ? relay(chosen, wire, 'm', hooks, translate) : translate(generate);
      },
      ignore,
    );
    return answerOf(await Array.fromAsync(parts))
      .blocks.map(({ text }) => text)
      .join('');
  }

  const askedPaths = () => upstream().ledger.map(({ path }) => path.replace(/.*\/v1\//, ''));

  for (const stream of [true, false]) {
    const how = stream ? 'streamed' : 'whole';

    it(`is translated where its deployment says that it has no such operation, ${how}`, async () => {
      upstream().next(refusal, responseStream({ text: ['Yes.'] }), responseStream({ text: ['Again.'] }));
      assert.deepEqual([await ask('openai-chat', stream), await ask('openai-chat', stream)], ['Yes.', 'Again.']);
      assert.deepEqual(askedPaths(), ['chat/completions', 'responses', 'responses']);
    });

    it(`is translated where the server knows no Responses, ${how}`, async () => {
      upstream().next(failure(404, 'Not Found'), chatStream({ text: ['Yes.'] }), chatStream({ text: ['Again.'] }));
      const answers = [await ask('openai-responses', stream), await ask('openai-responses', stream)];
      assert.deepEqual(answers, ['Yes.', 'Again.']);
      assert.deepEqual(askedPaths(), ['responses', 'chat/completions', 'chat/completions']);
    });

    it(`is passed on again where a model answers nowhere, ${how}`, async () => {
      const missing = failure(404, 'The model does not exist.', { param: 'model' });
      upstream().next(...Array<Answer>(4).fill(missing));
      for (const _time of [1, 2]) {
        await assert.rejects(ask('openai-responses', stream, 'nowhere', 1), { code: 'upstream_error' });
      }
      const paths = ['responses', 'chat/completions'];
      assert.deepEqual(askedPaths(), [...paths, ...paths]);
    });
  }
});
