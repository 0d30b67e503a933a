import type { ChatAnswer } from '../../src/core/chat/answer.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import type { StoredChat } from '../../src/core/chat/stored-chat.ts';
import { userSays } from './chat-request.ts';
import { nothingUsed } from './models.ts';

/** An answer of one text. */
function buildAnswer(text: string, id = 'answer'): ChatAnswer {
  const block = { id: 'b', block: { kind: 'text' }, text, signature: null, annotations: [], logprobs: null } as const;
  return {
    start: { type: 'start', id, createdAt: 1_000, model: 'model', serviceTier: null, systemFingerprint: null },
    searchHits: null,
    choices: [{ index: 0, blocks: [block], finishReason: 'stop', stopSequence: null }],
    ...nothingUsed,
  };
}

/** What a vendor gives for it. */
export function* partsOfText(text: string, id = 'vendor'): Generator<ChatPart> {
  yield buildAnswer(text, id).start;
  yield { type: 'block-start', choice: 0, id: 'b', block: { kind: 'text' } };
  yield { type: 'block-delta', choice: 0, id: 'b', delta: text, logprobs: null };
  yield { type: 'block-end', choice: 0, id: 'b', signature: null, annotations: [] };
  yield { type: 'finish', choice: 0, reason: 'stop', stopSequence: null };
  yield { type: 'usage', ...nothingUsed };
}

/** A conversation of one question that was kept for an hour, but for what the test says. */
export function buildStoredChat(changes: Partial<StoredChat> = {}): StoredChat {
  const id = changes.id ?? 'answer';
  return {
    id,
    ownerId: 7,
    createdAt: 1_000,
    expiresAt: Date.now() + 3_600_000,
    model: 'model',
    metadata: {},
    messages: [userSays('question')],
    answer: buildAnswer('answer', id),
    ...changes,
  };
}
