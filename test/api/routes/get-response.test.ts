import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import type { ResponseEvent } from '../../../src/core/response.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { openai } from '../../../src/protocols/openai/index.ts';
import { asUser, startTestApi } from '../../helpers/api.ts';

const events: ResponseEvent[] = ['response.created', 'response.in_progress', 'response.completed'].map(
  (type, sequence_number) => ({ type, sequence_number, response: { id: 'resp_1' } }),
);

async function startReading(context: TestContext, verbs: Partial<Verbs>) {
  const api = await startTestApi(context, { verbs, dialects: [openai] });
  const read = (query = '') => fetch(`${api.url}/v1/responses/resp_1${query}`, { headers: asUser });
  return { ...api, read };
}

const item = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sealed' };

test('what a reader has to ask for is shown to who asks, in either way of writing a list', async (t) => {
  const view = { response: { id: 'resp_1', status: 'completed' }, output: [item], isOpen: false };
  const { read } = await startReading(t, { getResponse: async () => view });
  const { encrypted_content: _withheld, ...shown } = item;
  const outputOf = async (query: string) => ((await (await read(query)).json()) as { output: unknown }).output;
  assert.deepEqual(await outputOf(''), [shown]);
  for (const name of ['include', 'include[]']) {
    assert.deepEqual(await outputOf(`?${name}=reasoning.encrypted_content`), [item]);
    assert.deepEqual(await outputOf(`?${name}=reasoning.encrypted_content&${name}=web_search_call.results`), [item]);
  }
  assert.equal((await read('?include=nonsense')).status, 400);
});

test('only a response that will change says when to ask again', async (t) => {
  const found = { response: { id: 'resp_1' }, output: [], isOpen: true };
  const { read } = await startReading(t, { getResponse: async () => found });
  assert.equal((await read()).headers.get('openai-poll-after-ms'), '1000');
  found.isOpen = false;
  assert.equal((await read()).headers.get('openai-poll-after-ms'), null);
});

test('events are sent from the first, or behind the one the reader knows, and then the stream ends', async (t) => {
  const { read } = await startReading(t, {
    followResponse: async function* () {
      yield* events;
    },
  });
  const frames = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  assert.equal(await (await read('?stream=true')).text(), frames.join(''));
  assert.equal(await (await read('?stream=true&starting_after=0')).text(), frames.slice(1).join(''));
  assert.equal(await (await read('?stream=true&starting_after=9')).text(), '');
});

test('a failure before the first event has a status of its own', async (t) => {
  const { read } = await startReading(t, {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to say.
    followResponse: async function* () {
      throw new GatewayError('not_found', 'Response resp_1 not found.');
    },
  });
  assert.equal((await read('?stream=true')).status, 404);
});

test('a stream that cannot go on is cut off, not ended', async (t) => {
  const { read } = await startReading(t, {
    followResponse: async function* () {
      yield* events.slice(0, 1);
      throw new GatewayError('unavailable', 'The database is away.');
    },
  });
  await assert.rejects((await read('?stream=true')).text());
});

test('a stream is cut off when the server stops, so that its reader asks another one', async (t) => {
  const { read, draining } = await startReading(t, {
    followResponse: async function* (_input, { signal }) {
      yield* events.slice(0, 1);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const response = await read('?stream=true');
  draining.abort();
  await assert.rejects(response.text());
});

test('asking for the head of a stream reads no events', async (t) => {
  let isReleased = false;
  const { url } = await startReading(t, {
    followResponse: async function* () {
      try {
        yield* events;
      } finally {
        isReleased = true;
      }
    },
  });
  const response = await fetch(`${url}/v1/responses/resp_1?stream=true`, { method: 'HEAD', headers: asUser });
  assert.equal(response.status, 200);
  assert.ok(isReleased);
});
