import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withoutOldestTurns } from '../../../src/core/chat/turns.ts';
import type { Message, MessagePart } from '../../../src/core/chat.ts';

function say(role: Message['role'], ...parts: MessagePart[]): Message {
  return { role, name: null, parts };
}

function text(content: string): MessagePart {
  return { type: 'text', text: content };
}

function call(id: string): MessagePart {
  return { type: 'tool_call', id, kind: 'function', name: 'f', arguments: '{}', signature: null };
}

function result(callId: string): MessagePart {
  return { type: 'tool_result', callId, name: 'f', isError: false, parts: [] };
}

/** A user's question, and an answer with or without a call of a tool in between. */
const turn = fc
  .tuple(fc.nat(), fc.boolean())
  .map(([n, calls]) => [
    say('user', text(`question ${n}`)),
    ...(calls ? [say('assistant', call(`call_${n}`)), say('user', result(`call_${n}`))] : []),
    say('assistant', text('answer')),
  ]);

const conversation = fc
  .tuple(fc.array(turn, { maxLength: 8 }), fc.boolean())
  .map(([turns, isInstructed]) => [...(isInstructed ? [say('system', text('Be brief.'))] : []), ...turns.flat()]);

describe('withoutOldestTurns', () => {
  it('never parts a call from its result', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const parts = (withoutOldestTurns(messages) ?? []).flatMap((message) => message.parts);
        const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []));
        const results = parts.flatMap((part) => (part.type === 'tool_result' ? [part.callId] : []));
        assert.deepEqual(results, calls);
      }),
    );
  });

  it('keeps what the system says, and of the rest the end', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const shorter = withoutOldestTurns(messages);
        if (shorter === null) return;
        const systems = messages.filter(({ role }) => role === 'system');
        const rest = shorter.filter(({ role }) => role !== 'system');
        assert.deepEqual(shorter, [...systems, ...messages.slice(-rest.length)]);
        assert.equal(rest.at(0)?.role, 'user');
      }),
    );
  });

  it('comes to one turn in the end, and then to nothing shorter', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        let shortest: readonly Message[] = messages;
        for (let next = withoutOldestTurns(messages); next !== null; next = withoutOldestTurns(next)) {
          assert.ok(next.length < shortest.length);
          shortest = next;
        }
        assert.ok(shortest.filter(({ role, parts }) => role === 'user' && parts[0]?.type === 'text').length <= 1);
      }),
    );
  });
});
