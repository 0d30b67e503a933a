import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseReader } from '../../../src/adapters/http/sse-reader.ts';
import { readMessage } from '../../../src/adapters/providers/anthropic/answer.ts';
import { toMessagesBody } from '../../../src/adapters/providers/anthropic/request.ts';
import { readGeneration } from '../../../src/adapters/providers/gemini/answer.ts';
import { toGenerateBody } from '../../../src/adapters/providers/gemini/request.ts';
import { mistralChat } from '../../../src/adapters/providers/mistral.ts';
import { readChat } from '../../../src/adapters/providers/ollama/answer.ts';
import { toChatBody } from '../../../src/adapters/providers/ollama/request.ts';
import { openAiChat } from '../../../src/adapters/providers/openai.ts';
import type { ChatTraits } from '../../../src/adapters/providers/openai-like/description.ts';
import { chatReader } from '../../../src/adapters/providers/openai-like/read-chat.ts';
import { toChatBody as toOpenAiBody } from '../../../src/adapters/providers/openai-like/request.ts';
import { responseReader } from '../../../src/adapters/providers/openai-like/responses/ask-responses.ts';
import { toResponseBody } from '../../../src/adapters/providers/openai-like/responses/request.ts';
import { readAnswer, type StreamedAnswer } from '../../../src/adapters/providers/translation/read-answer.ts';
import { vllmChat } from '../../../src/adapters/providers/vllm.ts';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import type { ChatRequest } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { assertWellFormed } from '../../helpers/chat-parts.ts';
import { answerCases, buildGoldenRequest, refusalCases, requestCases } from '../../helpers/upstream-golden.ts';

interface Translator {
  toBody(request: ChatRequest, modelName: string, onIgnored: (path: string) => void): unknown;
  /** Ids that it makes are `id_1`, `id_2`…; the tool `patch` is a custom one. */
  readParts(answer: StreamedAnswer): AsyncIterable<ChatPart>;
}

const fixed = { customTools: new Set(['patch']), createdAt: 0, key: null };
const translators: Record<string, Translator> = {
  anthropic: { toBody: toMessagesBody, readParts: (answer) => readMessage(async () => answer, fixed) },
  gemini: {
    toBody: toGenerateBody,
    readParts: (answer) => readGeneration(async () => answer, { ...fixed, newCallId: counted() }),
  },
  mistral: openAiLike(mistralChat),
  ollama: { toBody: toChatBody, readParts: (answer) => readChat(async () => answer, { ...fixed, newId: counted() }) },
  openai: openAiLike(openAiChat),
  'openai-responses': {
    toBody: toResponseBody,
    readParts: (answer) => readAnswer(async () => answer, new SseReader(), responseReader(null)),
  },
  vllm: openAiLike(vllmChat),
};

for (const [vendor, { toBody, readParts }] of Object.entries(translators)) {
  const answered = (pieces: readonly Uint8Array[]) => Array.fromAsync(readParts(streamed(pieces)));

  describe(`a request to ${vendor}`, () => {
    for (const { name, asking, wire } of requestCases(vendor)) {
      it(`is translated: ${name}`, () => {
        const ignored: string[] = [];
        const body = toBody(buildGoldenRequest(asking.request), asking.model, (path) => ignored.push(path));
        assert.deepEqual({ body, ignored }, wire);
      });
    }

    for (const { title, model, request, code, param } of refusalCases(vendor)) {
      it(`is refused for ${title}`, () => {
        assert.throws(
          () => toBody(buildGoldenRequest(request), model, () => undefined),
          (error) => error instanceof GatewayError && error.code === code && error.param === param,
        );
      });
    }
  });

  describe(`an answer of ${vendor}`, () => {
    for (const { name, upstream, parts, failure } of answerCases(vendor)) {
      if (failure !== null) {
        it(`fails as ${failure}: ${name}`, async () => {
          await assert.rejects(
            answered([upstream]),
            (error) => error instanceof GatewayError && error.code === failure,
          );
        });
        continue;
      }

      it(`is translated: ${name}`, async () => {
        const read = await answered([upstream]);
        assert.deepEqual(read, parts);
        assertWellFormed(read);
      });

      it(`is the same in whatever pieces it comes: ${name}`, async () => {
        const cuts = fc.array(fc.nat({ max: upstream.length }), { maxLength: 8 });
        await fc.assert(
          fc.asyncProperty(cuts, async (places) => {
            const read = await answered(cutAt(upstream, places));
            assert.deepEqual(read, parts);
          }),
          { numRuns: 20 },
        );
      });

      it(`never ends cleanly when it was cut off: ${name}`, async () => {
        const length = completeAt(vendor, upstream);
        for (let end = 0; end < length; end += 1) {
          await assert.rejects(
            answered([upstream.subarray(0, end)]),
            (error) => error instanceof GatewayError && error.code === 'upstream_error',
            `ended cleanly after ${end} of ${length} bytes`,
          );
        }
      });
    }
  });
}

function openAiLike(traits: ChatTraits): Translator {
  return {
    toBody: (request, modelName, onIgnored) => toOpenAiBody(request, modelName, traits, onIgnored),
    readParts: (answer) => {
      const reader = chatReader(traits.newerTools ? { ...fixed, customTools: new Set() } : fixed);
      return readAnswer(async () => answer, new SseReader(), reader);
    },
  };
}

/** From how many bytes on nothing more is needed. */
function completeAt(vendor: string, upstream: Uint8Array): number {
  // A line's end is no part of a line of JSON.
  if (vendor === 'ollama') return upstream.length - 1;
  // Not every server that speaks OpenAI's wire sends the mark of its end.
  const bytes = Buffer.from(upstream);
  const finish = bytes.indexOf('"finish_reason":"');
  return finish < 0 ? bytes.length : bytes.indexOf('\n\n', finish) + 2;
}

function streamed(pieces: readonly Uint8Array[]): StreamedAnswer {
  async function* body() {
    yield* pieces;
  }
  return { body: body(), release: () => undefined };
}

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function counted(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id_${count}`;
  };
}
