import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GenerateCall } from '../../../src/adapters/providers/vendor.ts';
import type { ChatRequest } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { answerOf, partsOf } from '../../helpers/chat-parts.ts';
import { buildChatRequest, buildTool } from '../../helpers/chat-request.ts';
import { type Piece, trickled } from '../../helpers/fake-upstream.ts';
import { type Said, someUsage } from '../../helpers/wire/said.ts';
import { given, patience, useVendor } from './setup.ts';
import type { ChatWire } from './wire.ts';

const weather = buildTool('get_weather');
const clock = buildTool('get_time', { parameters: { type: 'object', properties: {} } });

/** What every vendor that converses makes of an answer. */
export function answers(name: VendorName, wire: ChatWire): void {
  describe(`answers of the vendor ${name}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);
    const can = (what: NonNullable<ChatWire['cannotSay']>[number]) => !wire.cannotSay?.includes(what);

    function generate(request: Partial<ChatRequest> = {}, more: Partial<GenerateCall> = {}) {
      assert.ok(vendor.generate);
      const call = { target: targetOf(wire.modelName), signal: patience(), ...more };
      return vendor.generate({ ...call, request: buildChatRequest(request) });
    }

    async function answerTo(said: Said, request: Partial<ChatRequest> = {}) {
      upstream().next(wire.answer(said));
      return answerOf(await partsOf(generate(request)));
    }

    it('are text in the pieces it came in', async () => {
      upstream().next(wire.answer({ text: ['Hel', 'lo, ', 'wörld 🌍'] }));
      const parts = await partsOf(generate());
      const deltas = parts.flatMap((part) => (part.type === 'block-delta' ? part.delta : []));
      assert.deepEqual(deltas, ['Hel', 'lo, ', 'wörld 🌍']);
      const { blocks, choices } = answerOf(parts);
      assert.deepEqual(
        blocks.map(({ block, text }) => [block.kind, text]),
        [['text', 'Hello, wörld 🌍']],
      );
      assert.equal(choices[0]?.finishReason, 'stop');
    });

    it('come while the model still speaks', async () => {
      const rest = Promise.withResolvers<void>();
      const { body = [], ...head } = wire.answer({ text: ['first', 'second'] });
      const said = body.findIndex((piece) => typeof piece === 'string' && piece.includes('first'));
      const pieces: Piece[] = [...body.slice(0, said + 1), { until: rest.promise }, ...body.slice(said + 1)];
      upstream().next({ ...head, body: pieces });
      for await (const part of generate()) {
        if (part.type === 'block-delta' && part.delta === 'first') rest.resolve();
      }
    });

    it('are the same however the bytes arrive', async () => {
      const said: Said = { text: ['Grüße, ', '世界'], toolCalls: can('parallel tool calls') ? twoCalls : [] };
      upstream().next(wire.answer(said), trickled(wire.answer(said), 0));
      const request = { tools: [weather, clock] };
      const whole = answerOf(await partsOf(generate(request)));
      const bytewise = answerOf(await partsOf(generate(request)));
      assert.deepEqual(bytewise.choices, whole.choices);
      assert.deepEqual(bytewise.usage, whole.usage);
    });

    it('have calls of tools side by side, one without arguments', async () => {
      const { blocks, choices } = await answerTo({ toolCalls: twoCalls }, { tools: [weather, clock] });
      const calls = blocks.map(({ block, text }) => [block.kind === 'tool_call' && block.name, JSON.parse(text)]);
      assert.deepEqual(calls, [
        ['get_weather', { city: 'Köln' }],
        ['get_time', {}],
      ]);
      const ids = blocks.map(({ block }) => block.kind === 'tool_call' && block.callId);
      assert.equal(new Set(ids).size, 2);
      assert.ok(ids.every(Boolean), 'a call without an id cannot be answered');
      assert.equal(choices[0]?.finishReason, 'tool_calls');
    });

    it('keep the order of text and call', async () => {
      const { blocks } = await answerTo(
        { text: ['Let me look.'], toolCalls: twoCalls.slice(0, 1) },
        { tools: [weather] },
      );
      assert.deepEqual(
        blocks.map(({ block }) => block.kind),
        ['text', 'tool_call'],
      );
    });

    it('end for the length that was allowed', async () => {
      const { choices } = await answerTo({ text: ['Once upon'], finish: 'length' });
      assert.equal(choices[0]?.finishReason, 'length');
    });

    given(can('content filter'))('end for what may not be said', async () => {
      const { choices } = await answerTo({ text: ['I'], finish: 'content_filter' });
      assert.equal(choices[0]?.finishReason, 'content_filter');
    });

    given(can('refusal'))('may be a refusal', async () => {
      const { blocks } = await answerTo({ refusal: ['I will ', 'not.'] });
      assert.deepEqual(
        blocks.map(({ block, text }) => [block.kind, text]),
        [['refusal', 'I will not.']],
      );
    });

    given(can('reasoning'))('show what the model thought, before what it says', async () => {
      const { blocks } = await answerTo({ reasoning: ['Hm, ', 'well.'], text: ['Yes.'] });
      assert.deepEqual(
        blocks.map(({ block, text }) => [block.kind, text]),
        [
          ['reasoning', 'Hm, well.'],
          ['text', 'Yes.'],
        ],
      );
    });

    it('tell their usage, totals with all their parts in them', async () => {
      const count = fc.integer({ min: 0, max: 1_000_000 });
      // What is said is a token at least, and Anthropic begins to count with one.
      const someCount = fc.integer({ min: 1, max: 1_000_000 });
      await fc.assert(
        fc.asyncProperty(count, count, someCount, count, async (own, cached, visible, hidden) => {
          const reasoning = can('usage of reasoning') ? hidden : 0;
          const fromCache = can('usage of cache') ? cached : 0;
          const told = { prompt: own + fromCache, completion: visible + reasoning, cached: fromCache, reasoning };
          const { usage } = await answerTo({ text: ['.'], usage: told });
          assert.equal(usage.promptTokens, told.prompt);
          assert.equal(usage.completionTokens, told.completion);
          assert.equal(usage.cachedTokens, told.cached);
          assert.equal(usage.reasoningTokens, told.reasoning);
          assert.equal(usage.estimated, false);
        }),
        { numRuns: 25 },
      );
    });

    it('without a word on usage are marked so', async () => {
      const { usage } = await answerTo({ text: ['.'], usage: null });
      assert.equal(usage.estimated, true);
    });

    it('never end cleanly when they were cut, wherever that was', async () => {
      const whole = wire.answer({ text: ['Half ', 'of it'], usage: someUsage });
      // Prime, so that every place of a frame comes up.
      const step = 3;
      const bytes = Buffer.concat((whole.body ?? []).map((piece) => Buffer.from(piece as string)));
      for (let length = 0; length < bytes.length; length += step) {
        upstream().next({ ...whole, body: [bytes.subarray(0, length)], ending: length % 2 ? 'cut' : 'end' });
      }
      const attempts = Array.from({ length: Math.ceil(bytes.length / step) }, async () => {
        try {
          const { blocks } = answerOf(await partsOf(generate()));
          assert.equal(blocks[0]?.text, 'Half of it');
        } catch (error) {
          assert.ok(error instanceof GatewayError, `${error}`);
          assert.equal(error.code, 'upstream_error');
        }
      });
      await Promise.all(attempts);
    });

    given(wire.answer({}).headers)('name the upstream’s own id of the request before they begin', async () => {
      const headers = wire.answer({}).headers ?? {};
      const id = wire.upstreamId ?? headers['x-request-id'] ?? headers['request-id'];
      let heard: string | null = null;
      upstream().next(wire.answer({ text: ['.'] }));
      const onUpstreamId = (told: string) => {
        heard = told;
      };
      for await (const _part of generate({}, { onUpstreamId })) assert.equal(heard, id ?? null);
    });
  });
}

const twoCalls = [
  { id: 'call_one1', name: 'get_weather', arguments: ['{"city":', '"Köln"}'] },
  { id: 'call_two2', name: 'get_time', arguments: [] },
];
