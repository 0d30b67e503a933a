import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import type { Response } from 'openai/resources/responses/responses';
import type { Said } from '../helpers/wire/said.ts';
import { openAiClients, upstreams } from './clients.ts';
import { useUpstreams } from './upstream-app.ts';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;
const tool = { type: 'function' as const, name: 'weather', description: 'Tells it', parameters: schema, strict: true };
const hello: Said = { text: ['Hel', 'lo'], usage: { prompt: 9, completion: 3 } };

function textsOf({ output }: Response): string[] {
  return output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .flatMap((part) => (part.type === 'output_text' ? part.text : []));
}

describe('responses by the OpenAI client', () => {
  const { client: options, say, sayHalf, heard } = useUpstreams();

  for (const [name, connect] of Object.entries(openAiClients)) {
    for (const { vendor } of upstreams()) {
      describe(`${name} in front of ${vendor}`, () => {
        const model = vendor;
        let client: OpenAI;
        before(() => {
          client = connect(options());
        });

        it('are whole', async () => {
          say(vendor, hello);
          const response = await client.responses.create({ model, input: 'Hello?', instructions: 'Be short.' });
          assert.equal(response.output_text, 'Hello');
          assert.equal(response.status, 'completed');
          assert.equal(response.usage?.total_tokens, 12);
          assert.match(heard(vendor).system, /Be short\./);
        });

        it('are streamed', async () => {
          say(vendor, hello);
          const final = await client.responses.stream({ model, input: 'Hello?' }).finalResponse();
          // The oldest of the clients puts no `output_text` into what it has streamed.
          assert.deepEqual(textsOf(final), ['Hello']);
          assert.equal(final.status, 'completed');
        });

        it('go on from one another', async () => {
          say(vendor, hello);
          const first = await client.responses.create({ model, input: 'First?' });
          await client.responses.create({ model, input: 'Second?', previous_response_id: first.id });
          const { userTexts, assistantTexts } = heard(vendor);
          assert.deepEqual(userTexts, ['First?', 'Second?']);
          assert.deepEqual(assistantTexts, ['Hello']);
        });

        it('call a tool and get its result', async () => {
          say(vendor, { toolCalls: [{ id: 'call_a', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }] });
          const first = await client.responses.stream({ model, input: 'Weather?', tools: [tool] }).finalResponse();
          const call = first.output.find((item) => item.type === 'function_call');
          assert.ok(call);
          assert.deepEqual([call.name, JSON.parse(call.arguments)], ['weather', { city: 'Oslo' }]);
          say(vendor, hello);
          const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'rain' };
          const second = await client.responses.create({ model, previous_response_id: first.id, input: [output] });
          assert.equal(second.output_text, 'Hello');
          assert.match(heard(vendor).toolResults.join(), /rain/);
        });

        it('keep to a schema', async () => {
          say(vendor, { text: ['{"city":"Oslo"}'] });
          const format = { type: 'json_schema' as const, name: 'place', strict: true, schema };
          const response = await client.responses.create({ model, input: 'Where?', text: { format } });
          assert.deepEqual(JSON.parse(response.output_text), { city: 'Oslo' });
          assert.equal(heard(vendor).format?.type, 'json_schema');
        });

        it('fail aloud in the middle of a stream', async () => {
          sayHalf(vendor, hello);
          await assert.rejects(client.responses.stream({ model, input: 'Hello?' }).finalResponse());
        });
      });
    }
  }
});
