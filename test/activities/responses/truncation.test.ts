import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatWithin } from '../../../src/activities/responses/truncation.ts';
import type { ChatCall, WireRequest } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildChatRequest, userSays } from '../../helpers/chat-request.ts';
import { partsOfText } from '../../helpers/chats.ts';

const wire: WireRequest = { dialect: 'openai-responses', bytes: Buffer.from('{}'), stream: true, hidesUsage: false };
const request = buildChatRequest({ messages: ['One', 'Two', 'Three', 'Four'].map(userSays) });

/** What a model is asked that takes one message. */
async function askedWithin(truncation: 'auto' | 'disabled'): Promise<ChatCall[]> {
  const asked: ChatCall[] = [];
  async function* chat(given: ChatCall) {
    asked.push(given);
    if (given.request.messages.length > 1) throw new GatewayError('context_length_exceeded', 'Too long.');
    yield* partsOfText('Hi');
  }
  const answer = chatWithin(chat, { request, wire }, { truncation }, buildCall());
  if (truncation === 'auto') await Array.fromAsync(answer);
  else await assert.rejects(Array.fromAsync(answer), { code: 'context_length_exceeded' });
  return asked;
}

describe('a conversation that is too long for its model', () => {
  it('is halved until it is not', async () => {
    const asked = await askedWithin('auto');
    assert.deepEqual(
      asked.map(({ request: { messages } }) => messages.length),
      [4, 2, 1],
    );
  });

  it('is passed on as its caller wrote it the first time alone: those bytes stay too long', async () => {
    const asked = await askedWithin('auto');
    assert.deepEqual(
      asked.map((each) => each.wire),
      [wire, null, null],
    );
  });

  it('is asked once where its caller wants all of it said', async () => {
    assert.equal((await askedWithin('disabled')).length, 1);
  });
});
