import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../helpers/app.ts';
import { userSays } from '../helpers/chat-request.ts';
import { buildStoredChat } from '../helpers/chats.ts';

const pairs = 1_000;
const inParallel = 10;

/** Everything one user owns that has an id, and words that only theirs contain. */
interface Estate {
  caller: TestCaller;
  secret: string;
  ids: {
    jobs: string[];
    keys: number[];
    collections: number[];
    documents: number[];
    completions: string[];
    files: string[];
  };
}

type Attempt = (id: string) => [method: string, path: string, body?: unknown];

/** Every way in which a caller can name something by id, by the kind of thing. */
const attempts: Record<keyof Estate['ids'], Attempt[]> = {
  jobs: [
    (id) => ['GET', `/v1/jobs/${id}`],
    (id) => ['GET', `/v1/jobs/${id}?wait=1`],
    (id) => ['GET', `/v1/jobs/${id}/events`],
    (id) => ['GET', `/v1/jobs/${id}/result`],
    (id) => ['POST', `/v1/jobs/${id}/cancel`],
    (id) => ['POST', `/v1/jobs/${id}/retry`],
    (id) => ['DELETE', `/v1/jobs/${id}`],
  ],
  keys: [(id) => ['GET', `/v1/me/keys/${id}`], (id) => ['DELETE', `/v1/me/keys/${id}`]],
  collections: [
    (id) => ['GET', `/v1/collections/${id}`],
    (id) => ['PATCH', `/v1/collections/${id}`, { name: 'mine' }],
    (id) => ['DELETE', `/v1/collections/${id}`],
    (id) => ['POST', '/v1/search', { query: 'secret', collection_ids: [Number(id)], method: 'lexical' }],
  ],
  documents: [
    (id) => ['GET', `/v1/documents/${id}`],
    (id) => ['GET', `/v1/documents/${id}/content`],
    (id) => ['GET', `/v1/documents/${id}/chunks`],
    (id) => ['GET', `/v1/documents/${id}/chunks/0`],
    (id) => ['POST', `/v1/documents/${id}/chunks`, { chunks: [{ content: 'mine' }] }],
    (id) => ['DELETE', `/v1/documents/${id}/chunks/0`],
    (id) => ['GET', `/v1/chunks/${id}`],
    (id) => ['GET', `/v1/chunks/${id}/0`],
    (id) => ['DELETE', `/v1/documents/${id}`],
  ],
  completions: [
    (id) => ['GET', `/v1/chat/completions/${id}`],
    (id) => ['GET', `/v1/chat/completions/${id}/messages`],
    (id) => ['GET', `/v1/chat/completions?after=${id}`],
    (id) => ['POST', `/v1/chat/completions/${id}`, { metadata: { mine: 'now' } }],
    (id) => ['DELETE', `/v1/chat/completions/${id}`],
  ],
  files: [
    (id) => ['GET', `/v1/files/${id}`],
    (id) => ['GET', `/v1/files/${id}/content`],
    (id) => ['DELETE', `/v1/files/${id}`],
  ],
};

/** Answers that may only ever hold what is the caller's own. */
const listings: Attempt[] = [
  () => ['GET', '/v1/jobs?limit=100'],
  () => ['GET', '/v1/me/keys?limit=100'],
  () => ['GET', '/v1/files'],
  () => ['GET', '/v1/collections?limit=100'],
  () => ['GET', '/v1/chat/completions?limit=100'],
  () => ['GET', '/v1/documents?limit=100'],
  (id) => ['GET', `/v1/documents?collection_id=${id}`],
  (id) => ['POST', '/v1/search', { query: 'secret', document_ids: [Number(id)], method: 'lexical' }],
  () => ['POST', '/v1/search', { query: 'secret', method: 'hybrid' }],
];

describe('two users', () => {
  let app: TestApp;
  let estates: [Estate, Estate];
  before(async () => {
    app = await startTestApp();
    estates = [await settle('ptarmigan'), await settle('wolverine')];
  });
  after(() => app.stop());

  async function settle(secret: string): Promise<Estate> {
    const caller = await app.signUp();
    const ids: Estate['ids'] = { jobs: [], keys: [], collections: [], documents: [], completions: [], files: [] };
    const make = async (path: string, body: unknown, headers = {}) =>
      (await caller.json<{ id: never }>('POST', path, { body, headers })).id;
    for (let index = 0; index < 4; index += 1) {
      const collection: number = await make('/v1/collections', { name: `${secret} ${index}` });
      const form = new FormData();
      form.set('collection_id', String(collection));
      form.set('name', `${secret} document`);
      const document: number = await make('/v1/documents', form);
      await caller.json('POST', `/v1/documents/${document}/chunks`, {
        body: { chunks: [{ content: `a secret of the ${secret}` }] },
      });
      const call = { model: 'all-minilm-l6-v2', input: secret };
      ids.jobs.push(await make('/v1/embeddings', call, { prefer: 'respond-async' }));
      ids.keys.push(await make('/v1/me/keys', { name: `${secret} ${index}` }));
      ids.collections.push(collection);
      ids.documents.push(document);
      const chat = { id: crypto.randomUUID(), ownerId: caller.userId, metadata: { secret } };
      await app.deps.storedChats.put(buildStoredChat({ ...chat, messages: [userSays(secret)] }));
      ids.completions.push(`chatcmpl-${chat.id}`);
      const upload = new FormData();
      upload.set('purpose', 'user_data');
      upload.set('file', new File([secret], `${secret}.txt`));
      ids.files.push(await make('/v1/files', upload));
    }
    return { caller, secret, ids };
  }

  function choose<T>(items: readonly T[]): T {
    const item = items[Math.floor(Math.random() * items.length)];
    assert.ok(item !== undefined);
    return item;
  }

  it(`meet a 404 at every one of ${pairs} random ids of the other's, and never a word of theirs`, async () => {
    const leaks: string[] = [];
    async function tryOne(): Promise<void> {
      const [own, other] = Math.random() < 0.5 ? estates : [estates[1], estates[0]];
      const kind = choose(Object.keys(attempts) as (keyof Estate['ids'])[]);
      const listing = Math.random() < 0.2;
      const id = String(choose<string | number>(listing ? other.ids.documents : other.ids[kind]));
      const [method, path, body] = choose(listing ? listings : attempts[kind])(id);
      const response = await own.caller.request(method, path, { body });
      const text = await response.text();
      const where = `${method} ${path} ${JSON.stringify(body) ?? ''}: ${response.status}`;
      if (!listing && response.status !== 404) leaks.push(where);
      if (text.includes(other.secret)) leaks.push(`${where} tells of ${other.secret}`);
    }
    for (let done = 0; done < pairs; done += inParallel) await Promise.all(Array.from({ length: inParallel }, tryOne));
    assert.deepEqual(leaks, []);
  });

  it('still have everything afterwards', async () => {
    for (const { caller, ids, secret } of estates) {
      for (const id of ids.jobs) assert.equal((await caller.request('GET', `/v1/jobs/${id}`)).status, 200);
      for (const id of ids.keys) assert.equal((await caller.request('GET', `/v1/me/keys/${id}`)).status, 200);
      for (const id of ids.collections) {
        const { name } = await caller.json<{ name: string }>('GET', `/v1/collections/${id}`);
        assert.match(name, new RegExp(secret));
      }
      for (const id of ids.completions) {
        const { metadata } = await caller.json<{ metadata: object }>('GET', `/v1/chat/completions/${id}`);
        assert.deepEqual(metadata, { secret });
      }
      for (const id of ids.documents) {
        const { data } = await caller.json<{ data: { content: string }[] }>('GET', `/v1/documents/${id}/chunks`);
        assert.deepEqual(
          data.map(({ content }) => content),
          [`a secret of the ${secret}`],
        );
      }
    }
  });
});
