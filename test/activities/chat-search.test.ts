import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSearch, withSearchAdmission } from '../../src/activities/chat-search.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import type { ChatCall, ChatSearch, Message } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { SearchHit, SearchRequest } from '../../src/core/search.ts';
import { usageOf } from '../../src/core/usage.ts';
import { buildCall } from '../helpers/calls.ts';
import { buildChatRequest, systemSays, userSays } from '../helpers/chat-request.ts';
import { partsOfText } from '../helpers/chats.ts';
import { nothingUsed } from '../helpers/models.ts';

const settings: ChatSearch = {
  method: 'lexical',
  collectionIds: [3],
  documentIds: [],
  filter: null,
  limit: 10,
  offset: 0,
  rankConstant: 60,
  scoreThreshold: 0,
};

function hit(content: string): SearchHit {
  const chunk = { id: 0, collectionId: 3, documentId: 4, content, metadata: null, createdAt: 0, source: null };
  return { method: 'lexical', score: 1, chunk, legs: null };
}

const admitAll = { admit: async () => null };

/** A model that answers `yes` over a search that finds `hits`, and what both of them were asked. */
function buildSearchingChat(hits: readonly SearchHit[], admission = admitAll) {
  const asked: ChatCall[] = [];
  const queries: SearchRequest[] = [];
  const chat = withSearch(
    {
      admission,
      async search(query) {
        queries.push(query);
        return { hits, ...nothingUsed, usage: usageOf({ promptTokens: 2 }) };
      },
    },
    async function* (input) {
      asked.push(input);
      yield* partsOfText('yes');
    },
  );
  const run = (messages: Message[], search?: ChatSearch): Promise<ChatPart[]> =>
    Array.fromAsync(
      chat({ request: buildChatRequest({ messages }), wire: null, ...(search && { search }) }, buildCall()),
    );
  return { run, asked, queries };
}

function lastTextOf(call: ChatCall | undefined): string {
  const part = call?.request.messages.at(-1)?.parts[0];
  assert.ok(part?.type === 'text');
  return part.text;
}

test('without a search the call is as it was', async () => {
  const { run, asked, queries } = buildSearchingChat([hit('x')]);
  const parts = await run([userSays('Rain?')]);
  assert.equal(lastTextOf(asked[0]), 'Rain?');
  assert.deepEqual(queries, []);
  assert.ok(parts.every(({ type }) => type !== 'search'));
});

test('the last message is the query, and is answered from what was found', async () => {
  const { run, asked, queries } = buildSearchingChat([hit('It rains.'), hit('It pours.')]);
  await run([systemSays('Be kind.'), userSays('Sun?'), userSays('Rain?')], settings);
  assert.deepEqual(queries, [{ ...settings, query: 'Rain?' }]);
  assert.match(lastTextOf(asked[0]), /Question: Rain\?.*\[1\]\nIt rains\.\n\[2\]\nIt pours\.$/s);
  assert.deepEqual(asked[0]?.request.messages.slice(0, 2), [systemSays('Be kind.'), userSays('Sun?')]);
});

test('what was found comes right after the start, and the usage is that of both calls', async () => {
  const { run } = buildSearchingChat([hit('It rains.')]);
  const parts = await run([userSays('Rain?')], settings);
  assert.deepEqual(
    parts.slice(0, 2).map(({ type }) => type),
    ['start', 'search'],
  );
  const usage = parts.at(-1);
  assert.ok(usage?.type === 'usage');
  assert.equal(usage.usage.promptTokens, 2);
  assert.equal(usage.bill?.requests, 2);
});

test('where nothing is found the question stays as it is', async () => {
  const { run, asked } = buildSearchingChat([]);
  const parts = await run([userSays('Rain?')], settings);
  assert.equal(lastTextOf(asked[0]), 'Rain?');
  assert.deepEqual(parts[1], { type: 'search', hits: [] });
});

test('pictures beside the question stay in it', async () => {
  const image = { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' }, detail: null } as const;
  const { run, asked, queries } = buildSearchingChat([hit('It rains.')]);
  await run([{ role: 'user', name: null, parts: [image, { type: 'text', text: 'Rain?' }] }], settings);
  assert.equal(queries[0]?.query, 'Rain?');
  assert.deepEqual(asked[0]?.request.messages[0]?.parts[1], image);
});

test('a last message that asks nothing is not searched for', async () => {
  const { run, queries } = buildSearchingChat([hit('It rains.')]);
  const answered: Message = { role: 'assistant', name: null, parts: [{ type: 'text', text: 'Hm' }] };
  const parts = [...(await run([userSays('  ')], settings)), ...(await run([userSays('Rain?'), answered], settings))];
  assert.deepEqual(queries, []);
  assert.equal(parts.filter(({ type }) => type === 'search').length, 2);
});

test('nothing is searched for a model that the caller may not use', async () => {
  const refuse = { admit: () => Promise.reject(new GatewayError('model_not_found', 'Model not found.')) };
  const { run, queries } = buildSearchingChat([hit('It rains.')], refuse);
  await assert.rejects(run([userSays('Rain?')], settings), { code: 'model_not_found' });
  assert.deepEqual(queries, []);
});

test('a job is refused for what its search would be refused for', async () => {
  const admission = withSearchAdmission(admitAll, {
    admit: ({ query }) => Promise.reject(new GatewayError('not_found', `No collection for ${query}.`)),
  });
  const input = { request: buildChatRequest({ messages: [userSays('Rain?')] }), wire: null };
  await admission.admit(input, buildCall(), null);
  await assert.rejects(admission.admit({ ...input, search: settings }, buildCall(), null), {
    message: 'not_found: No collection for Rain?.',
  });
});
