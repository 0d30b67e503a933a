import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collect } from '../../../src/core/chat/answer.ts';
import type { Block, ChatPart, TokenLogprob } from '../../../src/core/chat/parts.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { presentAnswer } from '../../../src/protocols/openai/chat/answer.ts';
import { presentationOf } from '../../../src/protocols/openai/chat/presentation.ts';
import { type ChatBody, chatRequestSchema } from '../../../src/protocols/openai/chat/request-schema.ts';
import { chatStream } from '../../../src/protocols/openai/chat/stream.ts';

type Frame = Record<string, unknown> & { choices: FrameChoice[] };
interface FrameChoice {
  index: number;
  delta: Record<string, unknown>;
  logprobs: { content: unknown[] | null; refusal: unknown[] | null } | null;
  finish_reason: string | null;
}

const someText = fc.string({ maxLength: 5 });
const none = { min: 0, max: 0 };

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.constant<Block>({ kind: 'text' }),
  fc.constant<Block>({ kind: 'refusal' }),
  fc.record({ kind: fc.constant('reasoning' as const), isSummary: fc.boolean(), redacted: fc.boolean() }),
  fc.record({
    kind: fc.constant('tool_call' as const),
    callId: fc.uuid(),
    name: fc.constantFrom('weather', 'time'),
    toolKind: fc.constantFrom('function' as const, 'custom' as const),
  }),
);
const logprob: fc.Arbitrary<TokenLogprob> = fc.record({
  token: someText,
  logprob: fc.integer(),
  bytes: fc.constant(null),
  top: fc.constant([]),
});
const spoken = fc.record({
  block,
  deltas: fc.array(
    fc.record({ text: someText, logprobs: fc.option(fc.array(logprob, { minLength: 1, maxLength: 2 })) }),
    {
      maxLength: 3,
    },
  ),
  signature: fc.option(someText),
  cites: fc.boolean(),
});
const finish = fc.constantFrom('stop' as const, 'length' as const, 'tool_calls' as const, 'content_filter' as const);
const tier = fc.option(fc.constantFrom('default', 'flex'));
const spokenChoice = fc.record({ blocks: fc.array(spoken, { maxLength: 4 }), finish, tier });

/** An answer as a vendor may give it, its choices one after the other or in turns. */
const answers = fc
  .record({ choices: fc.array(spokenChoice, { minLength: 1, maxLength: 3 }), inTurns: fc.boolean() })
  .map(({ choices, inTurns }) => {
    const each = choices.map((choice, index) => partsOf(choice, index));
    const [start, usage] = [startPart, usagePart];
    return [start, ...(inTurns ? takeTurns(each) : each.flat()), usage];
  });

const requests = fc
  .record({ include_reasoning: fc.boolean(), include_cost: fc.boolean(), legacy: fc.boolean() })
  .map(({ legacy, ...flags }) => bodyWith({ ...flags, ...(legacy && { functions: [{ name: 'weather' }] }) }));

const startPart: ChatPart = {
  type: 'start',
  id: 'x',
  createdAt: 5_000,
  model: 'm',
  serviceTier: null,
  systemFingerprint: 'fp',
};
const usagePart: ChatPart = {
  type: 'usage',
  usage: usageOf({ promptTokens: 3, completionTokens: 2, reasoningTokens: 1 }),
  bill: { costMicros: 5, carbon: { kWh: none, kgCO2eq: none }, requests: 1 },
};

function bodyWith(fields: object): ChatBody {
  const messages = [{ role: 'user', content: 'Hello' }];
  const stream_options = { include_usage: true };
  return chatRequestSchema.parse({ model: 'm', messages, stream: true, stream_options, ...fields });
}

function partsOf(
  { blocks, finish: reason, tier: serviceTier }: typeof spokenChoice extends fc.Arbitrary<infer T> ? T : never,
  choice: number,
) {
  const parts: ChatPart[] = blocks.flatMap(({ block, deltas, signature, cites }, index) => {
    const id = `${choice}-${index}`;
    const cited = { type: 'url_citation', url: 'https://example.org', title: 't', start: 0, end: 1 } as const;
    return [
      { type: 'block-start', choice, id, block },
      ...deltas.map(({ text, logprobs }) => ({ type: 'block-delta' as const, choice, id, delta: text, logprobs })),
      { type: 'block-end', choice, id, signature, annotations: block.kind === 'text' && cites ? [cited] : [] },
    ];
  });
  const end = { type: 'finish' as const, choice, reason, stopSequence: null };
  return [...parts, serviceTier ? { ...end, serviceTier } : end];
}

function takeTurns(each: readonly ChatPart[][]): ChatPart[] {
  const longest = Math.max(...each.map((parts) => parts.length));
  return Array.from({ length: longest }, (_, turn) => each.flatMap((parts) => parts[turn] ?? [])).flat();
}

function framesOf(parts: readonly ChatPart[], body: ChatBody): Frame[] {
  let state = chatStream.initial(body);
  const frames = parts.flatMap((part) => {
    const [next, events] = chatStream.next(state, part);
    state = next;
    return events.map(({ data }) => data as Frame);
  });
  assert.deepEqual(chatStream.end(), [{ data: '[DONE]' }]);
  return frames;
}

/** What a client makes of the frames. */
function fold(frames: readonly Frame[]) {
  const { choices: _choices, usage, object: _object, ...head } = frames.at(-1) ?? { choices: [] };
  const choices: Record<
    number,
    { index: number; message: Record<string, unknown>; logprobs: unknown; finish_reason: unknown }
  > = {};
  for (const { index, delta, logprobs, finish_reason } of frames.flatMap((frame) => frame.choices)) {
    choices[index] ??= { index, message: { annotations: [] }, logprobs: null, finish_reason: null };
    const choice = choices[index];
    choice.message = addDelta(choice.message, delta);
    if (logprobs) choice.logprobs = addLogprobs(choice.logprobs, logprobs);
    if (finish_reason) choice.finish_reason = finish_reason;
  }
  return { ...head, object: 'chat.completion', choices: Object.values(choices), usage };
}

function addDelta(message: Record<string, unknown>, delta: Record<string, unknown>): Record<string, unknown> {
  const added = { ...message };
  for (const [key, value] of Object.entries(delta)) added[key] = key === 'role' ? value : add(added[key], value);
  return added;
}

/** Texts are joined, fields added; items with an `index` are merged under it where they are calls. */
function add(known: unknown, more: unknown): unknown {
  if (known === undefined || known === null) return Array.isArray(more) ? add([], more) : more;
  if (more === null) return known;
  if (typeof known === 'string') return `${known}${more}`;
  if (Array.isArray(known) && Array.isArray(more)) return more.reduce(addItem, known);
  return addDelta(known as Record<string, unknown>, more as Record<string, unknown>);
}

function addItem(items: unknown[], item: Record<string, unknown>): unknown[] {
  if (!('index' in item) || typeof item['type'] === 'string')
    return [...items, 'function' in item || 'custom' in item ? withoutIndex(item) : item];
  return items.map((each, index) => (index === item['index'] ? add(each, withoutIndex(item)) : each));
}

function withoutIndex({ index: _index, ...rest }: Record<string, unknown>) {
  return rest;
}

function addLogprobs(known: unknown, more: NonNullable<FrameChoice['logprobs']>) {
  const { content, refusal } = (known ?? { content: null, refusal: null }) as typeof more;
  const joined = (a: unknown[] | null, b: unknown[] | null) => (a || b ? [...(a ?? []), ...(b ?? [])] : null);
  return { content: joined(content, more.content), refusal: joined(refusal, more.refusal) };
}

test('what a client makes of a stream is the answer that it would have had whole', () => {
  fc.assert(
    fc.property(answers, requests, (parts, body) => {
      assert.deepEqual(fold(framesOf(parts, body)), presentAnswer(collect(parts), presentationOf(body)));
    }),
    { numRuns: 500 },
  );
});

test('every choice begins with who speaks, and ends with why it ended', () => {
  fc.assert(
    fc.property(answers, requests, (parts, body) => {
      const choices = Object.groupBy(
        framesOf(parts, body).flatMap((frame) => frame.choices),
        ({ index }) => index,
      );
      for (const frames of Object.values(choices)) {
        assert.equal(frames?.[0]?.delta['role'], 'assistant');
        assert.deepEqual(
          frames?.map(({ finish_reason }) => finish_reason !== null),
          frames?.map((_, index) => index === frames.length - 1),
        );
      }
    }),
  );
});

test('the tier that served stands where it is known: from the last frame of the choice on', () => {
  const place = { choice: 0, id: 'b' };
  const parts: ChatPart[] = [
    startPart,
    { type: 'block-start', ...place, block: { kind: 'text' } },
    { type: 'block-delta', ...place, delta: 'Hi', logprobs: null },
    { type: 'block-end', ...place, signature: null, annotations: [] },
    { type: 'finish', choice: 0, reason: 'stop', stopSequence: null, serviceTier: 'flex' },
    usagePart,
  ];
  const tiers = framesOf(parts, bodyWith({})).map((frame) => frame['service_tier']);
  assert.deepEqual(tiers.slice(-3), [null, 'flex', 'flex']);
});
