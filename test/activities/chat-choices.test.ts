import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { generateChoices } from '../../src/activities/chat-choices.ts';
import type { GenerateCall } from '../../src/adapters/providers/vendor.ts';
import { collect } from '../../src/core/chat/answer.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import { noSampling } from '../../src/core/chat.ts';
import { usageOf } from '../../src/core/usage.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';
import { partsOfText } from '../helpers/chats.ts';
import { localTarget } from '../helpers/models.ts';

function callFor(choices: number, seed: number | null = null): GenerateCall {
  const request = buildChatRequest({ choices, sampling: { ...noSampling, seed } });
  return { target: localTarget('model'), signal: new AbortController().signal, request };
}

function* answering(text: string): Generator<ChatPart> {
  for (const part of partsOfText(text)) {
    yield part.type === 'usage' ? { ...part, usage: usageOf({ promptTokens: 5, completionTokens: 1 }) } : part;
  }
}

test('one answer is the vendor’s as it is', () => {
  const parts = Array.fromAsync(answering('a'));
  const generate = () => parts as never;
  assert.equal(generateChoices(generate, callFor(1)), parts);
});

test('several answers come as one, under one start and with the usage of all', async () => {
  let asked = 0;
  const parts = await Array.fromAsync(
    generateChoices(async function* ({ request }) {
      assert.equal(request.choices, 1);
      yield* answering(`answer ${asked++}`);
    }, callFor(3)),
  );
  const { choices, usage } = collect(parts);
  assert.deepEqual(
    choices.map(({ index, blocks }) => [index, blocks[0]?.text]),
    [
      [0, 'answer 0'],
      [1, 'answer 1'],
      [2, 'answer 2'],
    ],
  );
  assert.equal(parts[0]?.type, 'start');
  assert.equal(parts.filter(({ type }) => type === 'start').length, 1);
  assert.equal(parts.at(-1)?.type, 'usage');
  assert.deepEqual([usage.promptTokens, usage.completionTokens], [15, 3]);
});

test('every answer has a seed of its own, the first the caller’s', async () => {
  const seeds: (number | null)[] = [];
  await Array.fromAsync(
    generateChoices(
      async function* ({ request }) {
        seeds.push(request.sampling.seed);
        yield* answering('a');
      },
      callFor(3, 7),
    ),
  );
  assert.deepEqual(seeds, [7, 8, 9]);
});

test('at most eight are made side by side', async () => {
  let open = 0;
  let most = 0;
  const parts = await Array.fromAsync(
    generateChoices(async function* () {
      open += 1;
      most = Math.max(most, open);
      yield* answering('a');
      open -= 1;
    }, callFor(20)),
  );
  assert.equal(most, 8);
  assert.equal(collect(parts).choices.length, 20);
});

test('nothing is said before all have begun, so that another provider can be asked', async () => {
  let asked = 0;
  const iterator = generateChoices(async function* () {
    asked += 1;
    if (asked === 2) throw new Error('busy');
    yield* answering('a');
  }, callFor(2))[Symbol.asyncIterator]();
  await assert.rejects(iterator.next(), { message: 'busy' });
});

test('when one breaks off, the others are given up', async () => {
  const signals: AbortSignal[] = [];
  const parts = Array.fromAsync(
    generateChoices(async function* ({ signal }) {
      const breaksOff = signals.push(signal) === 2;
      yield* [...answering('a')].slice(0, 1);
      if (breaksOff) throw new Error('cut off');
      if (!signal.aborted) await once(signal, 'abort');
    }, callFor(2)),
  );
  await assert.rejects(parts, { message: 'cut off' });
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
});

test('they come as they are made: none waits for the end of another', async () => {
  const parts = await Array.fromAsync(
    generateChoices(async function* () {
      yield* answering('long answer');
    }, callFor(3)),
  );
  const ended = parts.findIndex(({ type }) => type === 'finish');
  const heard = parts.slice(0, ended).flatMap((part) => ('choice' in part ? part.choice : []));
  assert.deepEqual([...new Set(heard)].sort(), [0, 1, 2]);
});

test('an answer that fails while the reader takes its time with another fails the whole, and nothing else', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  const parts = generateChoices(async function* () {
    const [first, ...rest] = [...answering('a')];
    if (first) yield first;
    yield rest[0] as ChatPart;
    throw new Error('broken off');
  }, callFor(2));
  await assert.rejects(async () => {
    for await (const _part of parts) await new Promise((resolve) => setTimeout(resolve, 5));
  }, /broken off/);
  process.off('unhandledRejection', hear);
  assert.deepEqual(unheard, []);
});
