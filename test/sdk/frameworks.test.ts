import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { HumanMessage, type UsageMetadata } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embed, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import type { Said } from '../helpers/wire/said.ts';
import { upstreams } from './clients.ts';
import { useUpstreams } from './upstream-app.ts';

const hello: Said = { text: ['Hel', 'lo'], usage: { prompt: 9, completion: 3 } };
const call: Said = { toolCalls: [{ id: 'call_a', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }] };

describe('frameworks by their OpenAI clients', () => {
  const { client: options, say, heard } = useUpstreams();

  for (const { vendor } of upstreams()) {
    describe(`LangChain in front of ${vendor}`, () => {
      const connect = () => {
        const { baseURL, apiKey } = options();
        return new ChatOpenAI({ model: vendor, apiKey, configuration: { baseURL }, maxRetries: 0 });
      };

      it('gets a whole answer', async () => {
        say(vendor, hello);
        const message = await connect().invoke([new HumanMessage('Hello?')]);
        assert.equal(message.text, 'Hello');
        assert.equal((message.usage_metadata as UsageMetadata | undefined)?.total_tokens, 12);
      });

      it('gets a stream', async () => {
        say(vendor, hello);
        const texts: string[] = [];
        for await (const chunk of await connect().stream('Hello?')) texts.push(chunk.text);
        assert.equal(texts.join(''), 'Hello');
      });

      it('gets a call of a tool', async () => {
        say(vendor, call);
        const weather = langchainTool(async () => 'rain', {
          name: 'weather',
          description: 'Tells it',
          schema: z.object({ city: z.string() }),
        });
        const { tool_calls } = await connect().bindTools([weather]).invoke('Weather in Oslo?');
        assert.deepEqual(
          tool_calls?.map(({ name, args }) => [name, args]),
          [['weather', { city: 'Oslo' }]],
        );
      });
    });

    describe(`Vercel's AI SDK in front of ${vendor}`, () => {
      for (const api of ['chat', 'responses'] as const) {
        const model = () => createOpenAI(options())[api](vendor);

        it(`gets a whole answer from ${api}`, async () => {
          say(vendor, hello);
          const { text, usage } = await generateText({ model: model(), prompt: 'Hello?', maxRetries: 0 });
          assert.equal(text, 'Hello');
          assert.equal(usage.totalTokens, 12);
        });

        it(`gets a stream from ${api}`, async () => {
          say(vendor, hello);
          const { textStream } = streamText({ model: model(), prompt: 'Hello?', maxRetries: 0 });
          const texts: string[] = [];
          for await (const text of textStream) texts.push(text);
          assert.equal(texts.join(''), 'Hello');
        });

        it(`runs a tool that ${api} calls`, async () => {
          say(vendor, call);
          const asked: unknown[] = [];
          const weather = tool({
            description: 'Tells it',
            inputSchema: z.object({ city: z.string() }),
            execute: async (input) => {
              asked.push(input);
              say(vendor, hello);
              return 'rain';
            },
          });
          const { text } = await generateText({
            model: model(),
            prompt: 'Weather?',
            tools: { weather },
            stopWhen: stepCountIs(2),
            maxRetries: 0,
          });
          assert.deepEqual(asked, [{ city: 'Oslo' }]);
          assert.equal(text, 'Hello');
          assert.match(heard(vendor).toolResults.join(), /rain/);
        });

        it(`gets an object from ${api}`, async () => {
          say(vendor, { text: ['{"city":"Oslo"}'] });
          const properties = { city: { type: 'string' as const } };
          const schema = jsonSchema<{ city: string }>({
            type: 'object',
            properties,
            required: ['city'],
            additionalProperties: false,
          });
          const { object } = await generateObject({ model: model(), prompt: 'Where?', schema, maxRetries: 0 });
          assert.deepEqual(object, { city: 'Oslo' });
        });
      }
    });
  }

  it('embed with LangChain and with Vercel’s AI SDK', async () => {
    const { baseURL, apiKey } = options();
    const model = 'all-minilm-l6-v2';
    const langchain = new OpenAIEmbeddings({ model, apiKey, configuration: { baseURL }, maxRetries: 0 });
    const vercel = createOpenAI({ baseURL, apiKey }).embedding(model);
    const one = await langchain.embedQuery('hello');
    const { embedding } = await embed({ model: vercel, value: 'hello', maxRetries: 0 });
    assert.equal(one.length, 384);
    assert.ok(one.every((value, index) => Math.abs(value - (embedding[index] ?? 0)) < 1e-6));
  });
});
