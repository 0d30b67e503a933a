import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Block, FinishReason } from '../../../../src/core/chat/parts.ts';
import type { Item, RespondPart } from '../../../../src/core/response.ts';
import { usageOf } from '../../../../src/core/usage.ts';
import { foldResponse } from '../../../../src/protocols/openai/responses/create-response.ts';
import { replay } from '../../../../src/protocols/openai/responses/replay.ts';
import { type ResponseRequest, responseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { eventsOf } from './events-of.ts';

const body: ResponseRequest = responseRequest.parse({ model: 'm', input: 'x' });
const sealed = responseRequest.parse({ model: 'm', input: 'x', include: ['reasoning.encrypted_content'] });

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.constant<Block>({ kind: 'text' }),
  fc.constant<Block>({ kind: 'refusal' }),
  fc.record({ kind: fc.constant('reasoning' as const), isSummary: fc.boolean(), redacted: fc.constant(false) }),
  fc.record({
    kind: fc.constant('tool_call' as const),
    callId: fc.string({ minLength: 1 }),
    name: fc.constantFrom('weather', 'calc'),
    toolKind: fc.constantFrom('function' as const, 'custom' as const),
  }),
);

const spoken = fc.record({
  block,
  deltas: fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
  signature: fc.option(fc.string({ minLength: 1 })),
});

/** Whatever a vendor may say. */
const answer = fc.record({
  blocks: fc.array(spoken, { maxLength: 5 }),
  reason: fc.constantFrom<FinishReason>('stop', 'length', 'tool_calls', 'content_filter'),
});

function partsOf({ blocks, reason }: typeof answer extends fc.Arbitrary<infer A> ? A : never): RespondPart[] {
  const start = { id: 'x', createdAt: 1_000, model: 'm', serviceTier: null, systemFingerprint: null, stored: true };
  return [
    { type: 'start', ...start },
    ...blocks.flatMap(({ block, deltas, signature }, index): RespondPart[] => [
      { type: 'block-start', choice: 0, id: `b${index}`, block },
      ...deltas.map((delta): RespondPart => {
        return { type: 'block-delta', choice: 0, id: `b${index}`, delta, logprobs: null };
      }),
      { type: 'block-end', choice: 0, id: `b${index}`, signature, annotations: [] },
    ]),
    { type: 'finish', choice: 0, reason, stopSequence: null },
    { type: 'usage', usage: usageOf({ promptTokens: 3 }), bill: null },
    { type: 'end', at: 2_000 },
  ];
}

describe('the events of a response', () => {
  it('are numbered from 0 without a gap', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const events = eventsOf(body, partsOf(said));
        assert.deepEqual(
          events.map((event) => event.sequence_number),
          [...events.keys()],
        );
      }),
    );
  });

  it('end with the tier that served where it is known only then', () => {
    const parts = partsOf({ blocks: [], reason: 'stop' });
    const served = parts.map((part) => (part.type === 'finish' ? { ...part, serviceTier: 'flex' } : part));
    const events = eventsOf(body, served);
    assert.partialDeepStrictEqual(events.at(0)?.['response'], { service_tier: 'auto' });
    assert.partialDeepStrictEqual(events.at(-1)?.['response'], { service_tier: 'flex' });
    assert.equal(foldResponse(body, served).service_tier, 'flex');
  });

  it('end with the response that is answered without a stream', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const last = eventsOf(body, partsOf(said)).at(-1);
        const response = foldResponse(body, partsOf(said));
        assert.deepEqual(last?.['response'], response);
        assert.equal(last?.type, `response.${response.status}`);
      }),
    );
  });

  it('are told again, but for how the words were cut, from the response as it is stored', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const { output, ...response } = foldResponse(sealed, partsOf(said));
        const kept = { id: response.id, ownerId: 7, createdAt: 1_000, expiresAt: 0, input: [], ancestors: [] };
        const again = foldResponse(sealed, replay({ ...kept, response, output }));
        assert.deepEqual(again, { ...response, output });
      }),
    );
  });

  it('say of each item that it was added and done under one id, one after the other', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const events = eventsOf(body, partsOf(said));
        const places = events.flatMap(({ type, output_index, item }) =>
          type.startsWith('response.output_item.') ? [[type, output_index, (item as Item).id]] : [],
        );
        const { output } = foldResponse(body, partsOf(said));
        assert.deepEqual(
          places,
          output.flatMap(({ id }, index) => [
            ['response.output_item.added', index, id],
            ['response.output_item.done', index, id],
          ]),
        );
        assert.equal(new Set(output.map(({ id }) => id)).size, said.blocks.length);
      }),
    );
  });

  it('have in their deltas what their items have', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const events = eventsOf(body, partsOf(said));
        const { output } = foldResponse(body, partsOf(said));
        for (const item of output) {
          const deltas = events.filter(({ type, item_id }) => item_id === item.id && type.endsWith('.delta'));
          assert.equal(deltas.map(({ delta }) => delta).join(''), textOf(item));
        }
      }),
    );
  });

  it('open a part before they say anything in it, and close what they open', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const open = new Set<unknown>();
        for (const { type, item_id } of eventsOf(body, partsOf(said))) {
          if (type.endsWith('part.added')) open.add(item_id);
          if (type.endsWith('text.delta') || type === 'response.refusal.delta') assert.ok(open.has(item_id), type);
          if (type.endsWith('part.done')) assert.ok(open.delete(item_id), type);
        }
        assert.deepEqual([...open], []);
      }),
    );
  });

  it('mark as incomplete the last item of an answer that was cut off, and no other', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const { output } = foldResponse(body, partsOf(said));
        const incomplete = output.flatMap(({ status }, index) => (status === 'incomplete' ? [index] : []));
        const isCutOff = said.reason === 'length' && output.length > 0;
        assert.deepEqual(incomplete, isCutOff ? [output.length - 1] : []);
      }),
    );
  });

  it('show signatures to whoever asks for them, and to nobody else', () => {
    fc.assert(
      fc.property(answer, (said) => {
        assert.doesNotMatch(JSON.stringify(eventsOf(body, partsOf(said))), /encrypted_content/);
        const shown = foldResponse(sealed, partsOf(said)).output.map((item) => item['encrypted_content'] ?? null);
        const signatures = said.blocks.map(({ block, signature }) => {
          return block.kind === 'reasoning' || block.kind === 'tool_call' ? signature : null;
        });
        assert.deepEqual(shown, signatures);
      }),
    );
  });

  it('are cut at any place into an error and a failed response with what there was', () => {
    fc.assert(
      fc.property(answer, fc.nat(), (said, at) => {
        const parts = partsOf(said).slice(0, -1);
        const events = eventsOf(body, parts.slice(0, 1 + (at % parts.length)), {
          code: 'upstream_error',
          message: 'Cut off.',
        });
        assert.deepEqual(
          events.map((event) => event.sequence_number),
          [...events.keys()],
        );
        const [error, failed] = events.slice(-2);
        assert.equal(error?.type, 'error');
        assert.equal(error?.['message'], 'Cut off.');
        assert.ok(failed);
        const { status, output } = failed['response'] as { status: string; output: Item[] };
        assert.equal(status, 'failed');
        const added = events.filter(({ type }) => type === 'response.output_item.added');
        assert.deepEqual(
          output.map(({ id }) => id),
          added.map(({ item }) => (item as Item).id),
        );
      }),
    );
  });
});

function textOf(item: Item): string {
  const parts = [item['content'], item['summary']].flatMap((list) => (Array.isArray(list) ? list : []));
  const said = parts.map((part: Record<string, unknown>) => part['text'] ?? part['refusal']).join('');
  return `${said}${String(item['arguments'] ?? '')}${String(item['input'] ?? '')}`;
}
