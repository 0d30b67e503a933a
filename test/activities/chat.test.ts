import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createChat } from '../../src/activities/chat.ts';
import { createReasoningSeal } from '../../src/activities/reasoning-seal.ts';
import type { GenerateCall, Vendor } from '../../src/adapters/providers/vendor.ts';
import { createSignatures } from '../../src/adapters/secrets/signatures.ts';
import { parseConfig } from '../../src/config.ts';
import type { UsageRecord } from '../../src/core/billing/usage-record.ts';
import type { Call } from '../../src/core/call.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { usageOf } from '../../src/core/usage.ts';
import { buildUserCall } from '../helpers/calls.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';
import { partsOfText } from '../helpers/chats.ts';
import { createTestMeter } from '../helpers/metering.ts';
import { buildProvider, buildRouter } from '../helpers/models.ts';
import { countLoad, createTestServe } from '../helpers/serving.ts';

type Answer = (call: GenerateCall) => AsyncIterable<ChatPart>;

const broken = new GatewayError('upstream_error', 'cut');
const [start, blockStart] = partsOfText('');
const delta = { type: 'block-delta', choice: 0, id: 'b', delta: 'eight by', logprobs: null } as const;
const begun = [start, blockStart, delta].filter((part) => part !== undefined);
/** As the test's meter counts it: `Hello?` and `eight by`. */
const estimate = usageOf({ promptTokens: 2, completionTokens: 2, estimated: true });
/** What a provider says that it took, before it fails. */
const told: ChatPart = { type: 'usage', usage: usageOf({ promptTokens: 9, completionTokens: 9 }), bill: null };

function breaksAfter(...parts: ChatPart[]): Answer {
  return async function* () {
    yield* parts;
    throw broken;
  };
}

/** An answer of a vendor that does not tell what it took. */
async function* untold(): AsyncGenerator<ChatPart> {
  for (const part of partsOfText('four')) if (part.type !== 'usage') yield part;
}

/** The record of a call on a model whose providers answer so, one after the other. */
async function recordOf(
  answers: readonly Answer[],
  changes: Partial<Call>,
  heard: ChatPart[] = [],
): Promise<UsageRecord> {
  const { meter, records } = createTestMeter();
  const left = [...answers];
  const generate: Vendor['generate'] = (call) => (left.shift() ?? assert.fail('one provider too many is asked'))(call);
  const vendor: Vendor = { generate, close: async () => undefined };
  const providers = answers.map((_answer, index) => buildProvider({ id: index + 1, vendor: 'openai' }));
  const router = buildRouter({ type: 'text-generation', strategy: 'least_busy', providers });
  const settings = { maxAttempts: answers.length, maxWaitMs: 1_000, maxWaiting: 1 };
  const chat = createChat({
    routers: { findByName: async () => router },
    serve: createTestServe(
      () => vendor,
      { providerLoad: countLoad({ 2: 1_000 }) },
      settings,
      () => 0,
    ),
    meter,
    reasoningSeal: createReasoningSeal(createSignatures({ current: 'a secret of the tests', old: [] }, 'reasoning')),
    clock: { now: () => 0 },
    outbound: { download: () => assert.fail('something was fetched') },
    config: parseConfig({}),
  });
  try {
    const call = buildUserCall({}, changes);
    for await (const part of chat({ request: buildChatRequest(), wire: null }, call)) heard.push(part);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
  }
  assert.equal(records.length, 1);
  return records[0] ?? assert.fail();
}

describe('a chat whose answer is wanted whole', () => {
  const whole = { wantsWhole: true };

  it('has consumed what had come when its caller leaves, though nothing was handed on', async () => {
    const gone = new AbortController();
    const leaves: Answer = async function* () {
      yield* begun;
      gone.abort(new GatewayError('client_closed_request', 'left'));
      throw broken;
    };
    const { status, usage, ttftMs } = await recordOf([leaves], { ...whole, signal: gone.signal });
    assert.deepEqual([status, usage], [499, estimate]);
    assert.notEqual(ttftMs, null);
  });

  it('is not charged what a provider said that it took before another had to replace it', async () => {
    const { status, usage } = await recordOf([breaksAfter(...begun, told), untold], whole);
    assert.deepEqual([status, usage], [200, { ...estimate, completionTokens: 1 }]);
  });

  it('has consumed nothing when it fails in the middle, even where the vendor has told what it took', async () => {
    for (const parts of [begun, [...begun, told]]) {
      const { status, usage, provider } = await recordOf([breaksAfter(...parts)], whole);
      assert.deepEqual([status, usage, provider?.id], [502, usageOf({}), 1]);
    }
  });

  it('is counted by what its last provider said', async () => {
    const { status, usage, provider } = await recordOf([breaksAfter(...begun), untold], whole);
    assert.deepEqual([status, usage, provider?.id], [200, { ...estimate, completionTokens: 1 }, 2]);
  });
});

describe('a chat whose answer is streamed', () => {
  it('has consumed what had come when it breaks in the middle', async () => {
    const heard: ChatPart[] = [];
    const { status, usage } = await recordOf([breaksAfter(...begun)], {}, heard);
    assert.deepEqual([status, usage, heard.length], [502, estimate, 3]);
  });

  it('has consumed nothing when it fails before anything was handed on', async () => {
    const { status, usage } = await recordOf([breaksAfter()], {});
    assert.deepEqual([status, usage], [502, usageOf({})]);
  });
});
