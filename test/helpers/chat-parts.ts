import assert from 'node:assert/strict';
import { type ChatAnswer, type ChatBlock, collect } from '../../src/core/chat/answer.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';

export async function partsOf(stream: AsyncIterable<ChatPart>): Promise<ChatPart[]> {
  return Array.fromAsync(stream);
}

/** Folds the parts of an answer of one choice, after checking that they keep the rules of `ChatPart`. */
export function answerOf(parts: readonly ChatPart[]): ChatAnswer & { blocks: readonly ChatBlock[] } {
  assertWellFormed(parts);
  const answer = collect(parts);
  return { ...answer, blocks: answer.choices[0]?.blocks ?? [] };
}

/** `start` first and once, blocks one after the other under names of their own, then `finish`, then `usage`. */
export function assertWellFormed(parts: readonly ChatPart[]): void {
  const order = parts.map((part) => part.type);
  assert.equal(order[0], 'start');
  assert.deepEqual(order.slice(-2), ['finish', 'usage']);
  assert.equal(order.filter((type) => type === 'start' || type === 'finish' || type === 'usage').length, 3);

  const seen = new Set<string>();
  let open: string | null = null;
  for (const part of parts) {
    if (part.type === 'block-start') {
      assert.equal(open, null, 'a block begins within another');
      assert.ok(!seen.has(part.id), `block ${part.id} begins twice`);
      seen.add(part.id);
      open = part.id;
    } else if (part.type === 'block-delta' || part.type === 'block-end') {
      assert.equal(part.id, open, 'a part of a block that is not open');
      if (part.type === 'block-end') open = null;
    }
  }
  assert.equal(open, null, 'a block is left open');
}
