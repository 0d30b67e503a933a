import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertJson } from '../../../../src/adapters/providers/anthropic/json-mode.ts';
import { AnswerWriter } from '../../../../src/adapters/providers/translation/answer-writer.ts';
import type { ChatPart, FinishReason } from '../../../../src/core/chat/parts.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { usageOf } from '../../../../src/core/usage.ts';

describe('an answer that was to be JSON', () => {
  it('is passed on when it is an object', async () => {
    const parts = answer(['{"a":', '1}'], 'stop');
    assert.deepEqual(await read(parts), parts);
  });

  it('may follow thoughts that are none', async () => {
    const parts = answer(['{}'], 'stop', 'Let me see.');
    assert.deepEqual(await read(parts), parts);
  });

  for (const text of ['', 'Sure: {}', '[1]', '"text"', 'null', '{"a":']) {
    it(`is a failure when it is ${JSON.stringify(text)}`, async () => {
      await assert.rejects(
        read(answer([text], 'stop')),
        (error) => error instanceof GatewayError && error.code === 'upstream_error',
      );
    });
  }

  for (const reason of ['length', 'content_filter', 'tool_calls'] as const) {
    it(`is passed on as it is when it ended for ${reason}`, async () => {
      const parts = answer(['{"a":'], reason);
      assert.deepEqual(await read(parts), parts);
    });
  }
});

function answer(pieces: readonly string[], reason: FinishReason, thoughts = ''): readonly ChatPart[] {
  const writer = new AnswerWriter(new Set());
  return [
    ...writer.write({ kind: 'reasoning', isSummary: true, redacted: false }, thoughts),
    ...pieces.flatMap((piece) => writer.write({ kind: 'text' }, piece)),
    ...writer.end(reason, null, usageOf({})),
  ];
}

async function read(parts: readonly ChatPart[]): Promise<ChatPart[]> {
  async function* stream() {
    yield* parts;
  }
  return Array.fromAsync(assertJson(stream()));
}
