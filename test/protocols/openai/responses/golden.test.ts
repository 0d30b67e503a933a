import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { RespondCall, RespondPart } from '../../../../src/core/response.ts';
import { validateRequest } from '../../../../src/core/validation/validate-request.ts';
import { createResponse, foldResponse } from '../../../../src/protocols/openai/responses/create-response.ts';
import type { ConversationItem } from '../../../../src/protocols/openai/responses/input-items.ts';
import { messagesOf } from '../../../../src/protocols/openai/responses/messages.ts';
import { replay } from '../../../../src/protocols/openai/responses/replay.ts';
import type { ResponseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { eventsOf, type Failure } from './events-of.ts';

/**
 * Each folder is a case: `request.json`, and what becomes of it. Either `refusal.json`: the error it is refused with.
 * Or `core.json`: what is asked of the model, and of what the model then says in `parts.json`: `events.json`, what a
 * stream tells, and `response.json`, the whole answer.
 */
const folder = join(import.meta.dirname, '../../../golden/openai-responses');

describe('golden cases of the Responses API', () => {
  for (const name of readdirSync(folder).toSorted()) {
    const read = (file: string): unknown => {
      const path = join(folder, name, file);
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
    };
    const request = read('request.json');
    const expected = { refusal: read('refusal.json'), core: read('core.json'), events: read('events.json') };

    if (expected.refusal !== undefined) {
      it(`${name}: is refused by name`, () => assert.deepEqual(refusalOf(request), expected.refusal));
    }
    if (expected.core !== undefined) {
      it(`${name}: is asked in these words`, () => assert.deepEqual(plain(asked(request)), expected.core));
    }
    if (expected.events !== undefined) {
      const { parts, failure = null } = read('parts.json') as { parts: RespondPart[]; failure?: Failure };
      const body = valid(request).body as ResponseRequest;
      it(`${name}: is told in these events`, () => {
        assert.deepEqual(plain(eventsOf(body, parts, failure)), expected.events);
      });
      if (failure === null) {
        it(`${name}: is answered with this`, () => {
          assert.deepEqual(plain(foldResponse(body, parts)), read('response.json'));
        });
        it(`${name}: is the same when it is told again as it was stored`, () => {
          const reader = { ...body, include: [...(body.include ?? []), 'reasoning.encrypted_content' as const] };
          const { output, ...response } = foldResponse(reader, parts);
          const { id } = response;
          const createdAt = response.created_at * 1000;
          const kept = { id, ownerId: 7, createdAt, expiresAt: 0, response, input: [], output, ancestors: [] };
          assert.deepEqual(foldResponse(reader, replay(kept)), { ...response, output, store: true });
        });
      }
    }
  }
});

function valid(body: unknown) {
  return validateRequest(createResponse, { params: {}, query: {}, body, files: {}, bytes: null });
}

function asked(body: unknown) {
  const request = valid(body);
  const { chat, input, ...rest } = createResponse.toCore(request.body, request) as RespondCall;
  const { body: _echo, wire: _wire, ...call } = rest;
  const named = (input as ConversationItem[]).filter(({ type }) => (type as string) !== 'item_reference');
  return { ...call, chat: { ...chat, messages: [...chat.messages, ...messagesOf(named)] } };
}

function refusalOf(body: unknown) {
  try {
    asked(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return { code: error.code, param: error.param, message: error.publicMessage };
  }
  return null;
}

/** As JSON has it: without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
