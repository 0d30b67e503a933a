import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createReasoningSeal } from '../../src/activities/reasoning-seal.ts';
import { createSignatures } from '../../src/adapters/secrets/signatures.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import type { ChatRequest, MessagePart } from '../../src/core/chat.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';
import { buildToolCall, buildTrace } from '../helpers/reasoning-parts.ts';

const seal = createReasoningSeal(createSignatures({ current: 'a secret of the tests', old: [] }, 'reasoning'));
const mine = 'anthropic-mine';
const other = 'openai-other';

/** What a caller gets of a vendor's signature. */
function sealed(signature: string, origin = mine): string {
  const part = seal.seal({ type: 'block-end', choice: 0, id: 'b', signature, annotations: [] }, origin);
  assert.ok(part.type === 'block-end' && part.signature !== null);
  return part.signature;
}

function conversation(...said: MessagePart[]): ChatRequest {
  const question = { role: 'user', name: null, parts: [{ type: 'text', text: 'Why?' }] } as const;
  return buildChatRequest({ messages: [question, { role: 'assistant', name: null, parts: said }, question] });
}

function saidIn(request: ChatRequest): readonly MessagePart[] {
  return request.messages[1]?.parts ?? [];
}

describe('signatures of an answer', () => {
  it('are sealed, and nothing else of it is touched', async () => {
    const list: ChatPart[] = [
      { type: 'block-start', choice: 0, id: 'b', block: { kind: 'reasoning', isSummary: false, redacted: false } },
      { type: 'block-end', choice: 0, id: 'b', signature: 'native', annotations: [] },
      { type: 'block-end', choice: 0, id: 'c', signature: null, annotations: [] },
    ];
    const given = list.map((part) => seal.seal(part, mine));
    assert.deepEqual([given[0], given[2]], [list[0], list[2]]);
    assert.match(JSON.stringify(given[1]), /"v1\.anthropic-mine\.native\.[\w-]{22}"/);
  });
});

describe('signatures in a request', () => {
  it('are the vendor’s own again for the account that made them', async () => {
    const opened = seal.openAll(
      conversation(
        buildTrace({ signature: sealed('of a thought') }),
        buildToolCall({ signature: sealed('of a call') }),
      ),
    );
    assert.equal(opened.origin, mine);
    assert.deepEqual(saidIn(opened.requestFor(mine)), [
      buildTrace({ signature: 'of a thought' }),
      buildToolCall({ signature: 'of a call' }),
    ]);
  });

  it('are withheld from every other account: the thought with its text, the proof of a call', async () => {
    const text: MessagePart = { type: 'text', text: 'Because.' };
    const trace = buildTrace({ signature: sealed('of a thought') });
    const call = buildToolCall({ signature: sealed('of a call') });
    const opened = seal.openAll(conversation(trace, text, call));
    assert.deepEqual(saidIn(opened.requestFor(other)), [text, buildToolCall()]);
  });

  it('that nobody here handed out are withheld from all', () => {
    const opened = seal.openAll(conversation(buildTrace({ signature: 'EqoBCkYIAxgC' }), buildToolCall()));
    assert.equal(opened.origin, null);
    assert.deepEqual(saidIn(opened.requestFor(mine)), [buildToolCall()]);
  });

  it('name the account of the last of them', async () => {
    const opened = seal.openAll(
      conversation(
        buildTrace({ signature: sealed('a', other) }),
        buildTrace({ signature: sealed('b', mine) }),
        buildToolCall({ signature: 'native' }),
      ),
    );
    assert.equal(opened.origin, mine);
  });

  it('that are none leave the request as it is', () => {
    const request = conversation(buildTrace(), buildToolCall());
    const opened = seal.openAll(request);
    assert.equal(opened.origin, null);
    assert.equal(opened.requestFor(mine), request);
  });

  it('are refused when they were altered in any place, and the message is named', async () => {
    const good = sealed('of a thought');
    for (let place = 3; place < good.length; place += 1) {
      const altered = `${good.slice(0, place)}${good[place] === 'x' ? 'y' : 'x'}${good.slice(place + 1)}`;
      // The last of 22 characters holds two bits that mean nothing.
      if (place === good.length - 1) continue;
      const expected = { code: 'invalid_request', param: 'messages[1]' };
      assert.throws(() => seal.openAll(conversation(buildTrace({ signature: altered }))), expected, altered);
    }
  });

  it('are refused when they were cut', async () => {
    const good = sealed('of a thought');
    for (const cut of [good.slice(0, -1), good.slice(0, 20), 'v1.']) {
      assert.throws(() => seal.openAll(conversation(buildTrace({ signature: cut }))), { code: 'invalid_request' });
    }
  });
});
