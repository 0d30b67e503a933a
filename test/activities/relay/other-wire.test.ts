import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canRelay, relay } from '../../../src/activities/relay/relay.ts';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import type { WireRequest } from '../../../src/core/chat.ts';
import { useVendor } from '../../conformance/provider/setup.ts';
import { buildCall } from '../../helpers/calls.ts';
import { answerOf } from '../../helpers/chat-parts.ts';
import { buildChatRequest } from '../../helpers/chat-request.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';
import { createTestServe } from '../../helpers/serving.ts';
import { failure } from '../../helpers/wire/openai.ts';
import { responseStream } from '../../helpers/wire/openai-responses.ts';

const refusal = failure(400, 'The chatCompletion operation does not work with the specified model, deep.');

describe('a chat that could be passed on', () => {
  const { vendor, upstream } = useVendor('azure');

  async function ask(stream: boolean): Promise<string> {
    const wire: WireRequest = {
      dialect: 'openai-chat',
      bytes: Buffer.from('{"model":"m"}'),
      stream,
      hidesUsage: stream,
    };
    const request = buildChatRequest();
    const provider = buildProvider({ vendor: 'azure', url: upstream().url, modelName: `deep-${stream}` });
    const router = buildRouter({ providers: [provider], type: 'text-generation' });
    const ignore = () => undefined;
    const hooks = { onUsage: ignore, onEnd: ignore, onFrames: ignore, onText: ignore };
    const parts = createTestServe(() => vendor).stream<ChatPart>(
      router,
      buildCall(),
      (generate, chosen) =>
        canRelay(chosen, wire) ? relay(chosen, wire, 'm', hooks) : generate({ ...chosen, request }),
      ignore,
    );
    return answerOf(await Array.fromAsync(parts))
      .blocks.map(({ text }) => text)
      .join('');
  }

  for (const stream of [true, false]) {
    it(`is translated where its deployment says that it has no such operation, ${stream ? 'streamed' : 'whole'}`, async () => {
      upstream().next(refusal, responseStream({ text: ['Yes.'] }), responseStream({ text: ['Again.'] }));
      assert.deepEqual([await ask(stream), await ask(stream)], ['Yes.', 'Again.']);
      const paths = upstream().ledger.map(({ path }) => path.replace(/.*\/v1\//, ''));
      assert.deepEqual(paths, ['chat/completions', 'responses', 'responses']);
    });
  }
});
