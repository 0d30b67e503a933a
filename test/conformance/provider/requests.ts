import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChatRequest, Message } from '../../../src/core/chat.ts';
import { noSampling } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { VendorName } from '../../../src/core/models.ts';
import { partsOf } from '../../helpers/chat-parts.ts';
import { buildChatRequest, buildTool, systemSays, userSays } from '../../helpers/chat-request.ts';
import { given, patience, secretKey, useVendor } from './setup.ts';
import type { ChatWire, Heard } from './wire.ts';

const png = 'iVBORw0KGgo=';
const weather = buildTool('get_weather');
const clock = buildTool('get_time');
const schema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};

/** What every vendor that converses is told of a request. */
export function requests(name: VendorName, wire: ChatWire): void {
  describe(`requests to the vendor ${name}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);
    const takes = (what: NonNullable<ChatWire['refuses']>[number]) => !wire.refuses?.includes(what);

    async function heardOf(request: Partial<ChatRequest>): Promise<Heard> {
      assert.ok(vendor.generate);
      upstream().next(wire.answer({ text: ['{}'] }));
      const call = { target: targetOf(wire.modelName), signal: patience() };
      await partsOf(vendor.generate({ ...call, request: buildChatRequest(request) }));
      const [asked] = upstream().ledger;
      assert.ok(asked);
      return wire.heard(asked);
    }

    it('name the vendor’s model and carry the provider’s key', async () => {
      const heard = await heardOf({ model: 'the name of our router' });
      assert.equal(heard.model, wire.modelName);
      assert.equal(heard.key, secretKey);
    });

    it('carry a conversation in its order', async () => {
      const heard = await heardOf({
        messages: [systemSays('Be brief.'), userSays('One?'), assistantSays('Two.'), userSays('Three?')],
      });
      assert.equal(heard.system, 'Be brief.');
      assert.deepEqual(heard.userTexts, ['One?', 'Three?']);
      assert.deepEqual(heard.assistantTexts, ['Two.']);
    });

    it('carry pictures as data', async () => {
      const heard = await heardOf({ messages: [showing({ kind: 'data', mediaType: 'image/png', data: png })] });
      assert.deepEqual(heard.images, [`data:image/png;base64,${png}`]);
      assert.deepEqual(heard.userTexts, ['What is it?']);
    });

    it('carry pictures as addresses, or refuse them', async () => {
      const url = 'https://example.com/cat.png';
      const messages = [showing({ kind: 'url', url })];
      if (takes('image url')) assert.deepEqual((await heardOf({ messages })).images, [url]);
      else await assertRefused(heardOf({ messages }));
    });

    it('carry tools with the schema of their arguments', async () => {
      const heard = await heardOf({ tools: [weather] });
      assert.deepEqual(
        heard.tools.map((tool) => tool.name),
        ['get_weather'],
      );
      const [tool] = heard.tools;
      assert.deepEqual((tool?.parameters as typeof weather.parameters)?.['required'], ['city']);
    });

    for (const mode of ['auto', 'any', 'none'] as const) {
      it(`carry the choice of tool ${mode}`, async () => {
        const request: Partial<ChatRequest> = { tools: [weather, clock], toolChoice: { mode, allowed: null } };
        if (mode === 'any' && !takes('tool_choice')) return assertRefused(heardOf(request));
        const heard = await heardOf(request);
        // A vendor that has no word for `none` is shown no tool.
        if (mode === 'none' && heard.tools.length === 0) return;
        assert.equal(heard.toolChoice, takes('tool_choice') ? mode : null);
      });
    }

    given(takes('tool_choice'))('carry the one tool that must be called', async () => {
      const heard = await heardOf({ tools: [weather, clock], toolChoice: { mode: 'any', allowed: ['get_time'] } });
      const isAlone = heard.toolChoice === 'any' && heard.tools.map((tool) => tool.name).join() === 'get_time';
      assert.ok(heard.toolChoice === 'any:get_time' || isAlone, JSON.stringify(heard.toolChoice));
    });

    it('carry calls of tools and their results', async () => {
      const heard = await heardOf({ tools: [weather, clock], messages: conversationWithTools });
      assert.deepEqual(heard.toolCalls, [
        { name: 'get_weather', arguments: { city: 'Köln' } },
        { name: 'get_time', arguments: {} },
      ]);
      assert.equal(heard.toolResults.length, 2);
      assert.match(heard.toolResults[0] ?? '', /rain/);
      assert.match(heard.toolResults[1] ?? '', /noon/);
    });

    it('carry the schema of a structured answer, or refuse it', async () => {
      const format = { type: 'json_schema', name: 'person', description: null, schema, strict: true } as const;
      if (!takes('json_schema')) return assertRefused(heardOf({ format }));
      const heard = await heardOf({ format });
      assert.ok(heard.format?.type === 'json_schema');
      const sent = heard.format.schema as typeof schema;
      assert.deepEqual(sent.properties.name.type.toLowerCase(), 'string');
      assert.deepEqual(sent.required, ['name']);
    });

    it('carry the wish for JSON, or refuse it', async () => {
      const format = { type: 'json_object' } as const;
      if (!takes('json_object')) return assertRefused(heardOf({ format }));
      const heard = await heardOf({ format });
      // A vendor without a switch for it is told in words.
      assert.ok(heard.format?.type === 'json_object' || /JSON/.test(heard.system));
    });

    it('carry the bound on the answer and the temperature', async () => {
      const heard = await heardOf({
        maxOutputTokens: 77,
        sampling: { ...noSampling, temperature: 0.25 },
      });
      assert.equal(heard.maxTokens, 77);
      assert.equal(heard.temperature, 0.25);
    });

    it('carry the stop sequences, or refuse them', async () => {
      const stop = ['END', 'FIN'];
      if (takes('stop')) assert.deepEqual((await heardOf({ stop })).stop, stop);
      else await assertRefused(heardOf({ stop }));
    });

    it('say nothing that the caller did not say', async () => {
      const heard = await heardOf({});
      assert.equal(heard.temperature, null);
      assert.deepEqual(heard.stop, []);
      assert.equal(heard.seed, null);
      assert.equal(heard.format, null);
      assert.deepEqual(heard.tools, []);
      assert.equal(heard.system, '');
    });

    it('have every setting honoured, refused by name or reported as ignored', async () => {
      const ignored: string[] = [];
      const settings = {
        seed: { sampling: { ...noSampling, seed: 7 } },
        top_k: { sampling: { ...noSampling, topK: 40 } },
        logit_bias: { sampling: { ...noSampling, logitBias: { 5: -100 } } },
        logprobs: { sampling: { ...noSampling, logprobs: true } },
        frequency_penalty: { sampling: { ...noSampling, frequencyPenalty: 0.5 } },
        presence_penalty: { sampling: { ...noSampling, presencePenalty: 0.5 } },
        verbosity: { verbosity: 'low' },
        service_tier: { serviceTier: 'flex' },
        prompt_cache_key: { cacheKey: 'conversation 1' },
        user: { endUser: 'someone' },
        safety_identifier: { safetyIdentifier: 'someone' },
      } satisfies Record<string, Partial<ChatRequest>>;
      const plain = await bodyOf({});
      for (const [field, request] of Object.entries(settings)) {
        ignored.length = 0;
        try {
          const body = await bodyOf(request, (path) => ignored.push(path));
          assert.ok(ignored.includes(field) || body.length > plain.length, `${field} is dropped`);
        } catch (error) {
          assert.ok(error instanceof GatewayError, `${field}: ${error}`);
          assert.deepEqual([error.code, error.param], ['unsupported_value', field]);
        }
      }
    });

    async function bodyOf(request: Partial<ChatRequest>, onIgnored: (path: string) => void = () => undefined) {
      assert.ok(vendor.generate);
      upstream().next(wire.answer({ text: ['.'] }));
      const call = { target: targetOf(wire.modelName), signal: patience(), onIgnored };
      await partsOf(vendor.generate({ ...call, request: buildChatRequest(request) }));
      return upstream().ledger.at(-1)?.text ?? '';
    }

    async function assertRefused(asking: Promise<unknown>): Promise<void> {
      await assert.rejects(asking, (error) => error instanceof GatewayError && error.code === 'unsupported_value');
      assert.deepEqual(upstream().ledger, [], 'it was asked all the same');
    }
  });
}

function assistantSays(text: string): Message {
  return { role: 'assistant', name: null, parts: [{ type: 'text', text }] };
}

function showing(source: Extract<Message['parts'][number], { type: 'image' }>['source']): Message {
  return {
    role: 'user',
    name: null,
    parts: [
      { type: 'text', text: 'What is it?' },
      { type: 'image', source, detail: null },
    ],
  };
}

const called = { type: 'tool_call', kind: 'function', signature: null } as const;
const result = { type: 'tool_result', name: null, isError: false } as const;
const conversationWithTools: readonly Message[] = [
  userSays('Weather and time?'),
  {
    role: 'assistant',
    name: null,
    parts: [
      { ...called, id: 'call_1', name: 'get_weather', arguments: '{"city":"Köln"}' },
      { ...called, id: 'call_2', name: 'get_time', arguments: '{}' },
    ],
  },
  {
    role: 'user',
    name: null,
    parts: [
      { ...result, callId: 'call_1', parts: [{ type: 'text', text: 'rain' }] },
      { ...result, callId: 'call_2', parts: [{ type: 'text', text: 'noon' }] },
    ],
  },
];
