import { z } from 'zod';
import { collect } from '../../src/core/chat/answer.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import { endpoint } from '../../src/core/endpoint.ts';
import { buildChatRequest, userSays } from './chat-request.ts';

/** A streaming call on `chat`: `/echo/chat` answers the text of every delta, one event each. */
export const echoChat = endpoint({
  method: 'POST',
  path: '/echo/chat',
  permission: 'use',
  tag: 'Echo',
  summary: 'Says what the model says',
  body: z.strictObject({ text: z.string(), stream: z.boolean().default(false) }),
  response: z.object({ text: z.string() }),
  verb: 'chat',
  job: { kind: 'call' },
  stream: {
    when: ({ stream }) => stream,
    writer: 'sse',
    initial: () => 0,
    next: (count, part) =>
      part.type === 'block-delta'
        ? [count + 1, [{ event: 'delta', data: { n: count, text: part.delta } }]]
        : [count, []],
    end: (count) => [{ data: `[${count}]` }],
    failed: (count, error) => [{ event: 'failed', data: { n: count, code: error.code } }],
  },
  toCore: ({ text, stream }, { bytes }) => ({
    wire: bytes === null ? null : { dialect: 'openai-chat' as const, bytes, stream, hidesUsage: false },
    request: buildChatRequest({ model: 'echo', messages: [userSays(text)] }),
  }),
  fromCore: (parts) => ({
    text: collect(parts)
      .choices.flatMap(({ blocks }) => blocks.map((block) => block.text))
      .join(''),
  }),
});

/** What a vendor says when it says these words. */
export function* partsOf(words: readonly string[]): Generator<ChatPart> {
  yield { type: 'start', id: 'x', createdAt: 0, model: 'echo', serviceTier: null, systemFingerprint: null };
  yield { type: 'block-start', choice: 0, id: 'b', block: { kind: 'text' } };
  for (const delta of words) yield { type: 'block-delta', choice: 0, id: 'b', delta, logprobs: null };
  yield { type: 'block-end', choice: 0, id: 'b', signature: null, annotations: [] };
  yield { type: 'finish', choice: 0, reason: 'stop', stopSequence: null };
}
