import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import type { Said } from '../helpers/wire/said.ts';
import { openAiClients, upstreams } from './clients.ts';
import { useUpstreams } from './upstream-app.ts';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;
const tools = ['weather', 'time'].map((name) => ({
  type: 'function' as const,
  function: { name, description: `Tells the ${name}`, parameters: schema },
}));
const hello: Said = { text: ['Hel', 'lo'], usage: { prompt: 9, completion: 3 } };
const twoCalls: Said = {
  toolCalls: [
    { id: 'call_a', name: 'weather', arguments: ['{"city":', '"Oslo"}'] },
    { id: 'call_b', name: 'time', arguments: ['{"city":"Bergen"}'] },
  ],
};

describe('chat by the OpenAI client', () => {
  const { client: options, say, sayHalf, heard } = useUpstreams();

  for (const [name, connect] of Object.entries(openAiClients)) {
    for (const { vendor } of upstreams()) {
      describe(`${name} in front of ${vendor}`, () => {
        const model = vendor;
        const messages = [{ role: 'user' as const, content: 'Hello?' }];
        let client: OpenAI;
        before(() => {
          client = connect(options());
        });

        it('gets a whole answer', async () => {
          say(vendor, hello);
          const { choices, usage, ...rest } = await client.chat.completions.create({ model, messages });
          assert.equal(choices[0]?.message.content, 'Hello');
          assert.equal(choices[0]?.finish_reason, 'stop');
          assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens], [9, 3, 12]);
          assert.deepEqual([rest.object, rest.model], ['chat.completion', model]);
          assert.deepEqual(heard(vendor).userTexts, ['Hello?']);
        });

        it('gets a stream', async () => {
          say(vendor, hello);
          const stream = client.chat.completions.stream({
            model,
            messages,
            stream_options: { include_usage: true },
          });
          const final = await stream.finalChatCompletion();
          assert.equal(final.choices[0]?.message.content, 'Hello');
          assert.equal(final.usage?.total_tokens, 12);
        });

        it('gets calls of tools side by side, and gives their results', async () => {
          say(vendor, twoCalls);
          const first = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
          const calls = first.choices[0]?.message.tool_calls ?? [];
          assert.equal(first.choices[0]?.finish_reason, 'tool_calls');
          assert.deepEqual(
            calls.map((call) => call.type === 'function' && [call.function.name, JSON.parse(call.function.arguments)]),
            [
              ['weather', { city: 'Oslo' }],
              ['time', { city: 'Bergen' }],
            ],
          );
          say(vendor, hello);
          const results = calls.map(({ id }, index) => ({
            role: 'tool' as const,
            tool_call_id: id,
            content: `result ${index}`,
          }));
          const assistant = { role: 'assistant' as const, content: null, tool_calls: calls };
          await client.chat.completions.create({ model, messages: [...messages, assistant, ...results], tools });
          const { toolCalls, toolResults } = heard(vendor);
          assert.deepEqual(
            toolCalls.map((call) => call.arguments),
            [{ city: 'Oslo' }, { city: 'Bergen' }],
          );
          assert.equal(toolResults.length, 2);
          for (const [index, result] of toolResults.entries()) assert.match(result, new RegExp(`result ${index}`));
        });

        it('gets an answer by a schema', async () => {
          say(vendor, { text: ['{"city":', '"Oslo"}'] });
          const { choices } = await client.chat.completions.parse({
            model,
            messages,
            response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } },
          });
          assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { city: 'Oslo' });
          assert.equal(heard(vendor).format?.type, 'json_schema');
        });

        it('shows a picture', async () => {
          say(vendor, hello);
          const url = `data:image/png;base64,${pixel}`;
          await client.chat.completions.create({
            model,
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'What is this?' },
                  { type: 'image_url', image_url: { url } },
                ],
              },
            ],
          });
          assert.deepEqual(heard(vendor).images, [url]);
        });

        it('is told of a failure in the middle of a stream', async () => {
          sayHalf(vendor, hello);
          await assert.rejects(client.chat.completions.stream({ model, messages }).finalChatCompletion());
        });
      });
    }
  }
});
