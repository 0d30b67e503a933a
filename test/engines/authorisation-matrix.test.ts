import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Registry } from 'prom-client';
import { createApp } from '../../src/api/app.ts';
import { type AccessRule, master } from '../../src/core/access.ts';
import { type Operation, operationName } from '../../src/core/endpoint.ts';
import { dialects } from '../../src/protocols/index.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { buildCall } from '../helpers/calls.ts';
import { buildStoredChat } from '../helpers/chats.ts';

/** Every operation that is mounted, with every kind of caller. Generated: a new route is in it, or fails it. */

const callers = [
  'no credential',
  'malformed credential',
  'unknown key',
  'expired key',
  'revoked key',
  'expired account',
  'user',
  'admin',
] as const;
type Caller = (typeof callers)[number];

const refusals = ['not_authenticated', 'invalid_api_key', 'account_expired', 'permission_denied'] as const;
type Outcome = (typeof refusals)[number] | 'let in';

const badCredentials = {
  'no credential': 'not_authenticated',
  'malformed credential': 'not_authenticated',
  'unknown key': 'invalid_api_key',
  'expired key': 'invalid_api_key',
  'revoked key': 'invalid_api_key',
} as const;

/** What each rule means for each caller. */
const expected: Record<AccessRule, Record<Caller, Outcome>> = {
  public: Object.fromEntries(callers.map((caller) => [caller, 'let in'])) as Record<Caller, Outcome>,
  account: { ...badCredentials, 'expired account': 'let in', user: 'let in', admin: 'let in' },
  use: { ...badCredentials, 'expired account': 'account_expired', user: 'let in', admin: 'let in' },
  admin: { ...badCredentials, 'expired account': 'account_expired', user: 'permission_denied', admin: 'let in' },
  providers: { ...badCredentials, 'expired account': 'account_expired', user: 'permission_denied', admin: 'let in' },
  metrics: { ...badCredentials, 'expired account': 'account_expired', user: 'permission_denied', admin: 'let in' },
};

/** Ids of things that belong to one user, by the segment that stands before them in a path. */
interface Things {
  jobs: string;
  keys: string;
  collections: string;
  documents: string;
  completions: string;
  responses: string;
  batches: string;
  conversations: string;
  items: string;
  files: string;
  uploads: string;
  endpoints: string;
  deliveries: string;
}

/** Bodies that get a call as far as looking for the thing it is about; parameters are written as `:`. */
const bodies: Record<string, unknown> = {
  'POST /v1/jobs/:/cancel': undefined,
  'POST /v1/jobs/:/retry': undefined,
  'PATCH /v1/collections/:': { name: 'mine now' },
  'POST /v1/chat/completions/:': { metadata: {} },
  'POST /v1/responses/:/cancel': undefined,
  'POST /v1/batches/:/cancel': undefined,
  'POST /v1/conversations/:': { metadata: {} },
  'POST /v1/conversations/:/items': { items: [{ role: 'user', content: 'mine now' }] },
  'POST /v1/uploads/:/parts': formWith('data'),
  'POST /v1/uploads/:/complete': { part_ids: ['part_none'] },
  'POST /v1/uploads/:/cancel': undefined,
  'POST /v1/documents/:/chunks': { chunks: [{ content: 'mine now' }] },
  'PATCH /v1/webhooks/endpoints/:': { description: 'mine now' },
  'POST /v1/webhooks/endpoints/:/test': undefined,
  'POST /v1/webhooks/endpoints/:/rotate': undefined,
  'POST /v1/webhooks/endpoints/:/recover': { since: 0 },
  'POST /v1/webhooks/deliveries/:/retry': undefined,
};

/** What says of somebody's thing how it goes, to whoever looks after the gateway. */
const shownToAdministrators: ReadonlySet<string> = new Set(['GET /v1/jobs/:id']);

const noThings: Things = {
  completions: 'chatcmpl-none',
  responses: 'resp_0000000000000000000000000000',
  batches: 'batch_0000000000000000000000000000',
  conversations: 'conv_none',
  items: 'msg_none',
  files: 'file-0000000000000000000000000000',
  uploads: 'upload_0000000000000000000000000000',
  endpoints: 'we_none',
  deliveries: 'wh:evt_none:we_none',
  jobs: 'job_0000000000000000000000000000',
  keys: '999999',
  collections: '999999',
  documents: '999999',
};

/** Everybody has their own of what these are about; models and administrators' operations are about everybody's. */
function isAboutOwnThings({ permission, path }: Operation): boolean {
  return (permission === 'use' || permission === 'account') && !path.startsWith('/v1/models/');
}

function pathTo(operation: Operation, things: Things): string {
  const segments = operation.path.split('/');
  const concrete = segments.map((segment, index) => {
    if (!segment.startsWith(':')) return segment;
    const before = segments[index - 1] ?? '';
    // The specification's older paths put the document right behind `chunks`.
    if (before === 'chunks') return segments.includes('documents') ? '0' : things.documents;
    if (before.startsWith(':')) return '0';
    if (!isAboutOwnThings(operation)) return '999999';
    assert.ok(Object.hasOwn(things, before), `${operation.path}: the matrix has nothing of a user under '${before}'`);
    return things[before as keyof Things];
  });
  return concrete.join('/');
}

function bodyOf(operation: Operation): unknown {
  const name = operationName(operation).replaceAll(/:\w+\+?/g, ':');
  if (operation.method !== 'GET' && operation.method !== 'DELETE') {
    assert.ok(Object.hasOwn(bodies, name), `the matrix has no body for '${name}'`);
  }
  return bodies[name];
}

describe('authorisation matrix', () => {
  let app: TestApp;
  let operations: readonly Operation[];
  const credentials = {} as Record<Caller, string | null>;
  let owner: string;
  let things: Things;

  before(async () => {
    app = await startTestApp();
    operations = createApp({
      verbs: app.verbs,
      shortVerbs: app.verbs,
      dialects,
      settings: app.deps.config,
      log: app.deps.log,
      metrics: new Registry(),
      leaving: new AbortController().signal,
      draining: new AbortController().signal,
    }).operations;
    Object.assign(credentials, await issueCredentials(app));
    const caller = await app.signUp();
    owner = caller.key;
    things = await createThings(app, owner);
  });
  after(() => app.stop());

  /** The code of a refusal, or `done`. Problem documents have the same codes in every dialect. */
  async function outcomeOf(operation: Operation, path: string, authorization: string | null, body?: unknown) {
    const response = await fetch(`${app.url}${path}`, {
      method: operation.method,
      redirect: 'manual',
      headers: {
        accept: 'application/problem+json',
        ...(authorization !== null && { authorization }),
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    if (response.status < 400) {
      await response.body?.cancel();
      return 'done';
    }
    const { code } = (await response.json()) as { code: string };
    return code;
  }

  it('has an outcome for every operation and every caller', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const path = operation.permission === 'public' ? operation.path : pathTo(operation, noThings);
      for (const caller of callers) {
        const code = await outcomeOf(operation, path, credentials[caller]);
        const outcome: Outcome = refusals.find((refusal) => refusal === code) ?? 'let in';
        const due = expected[operation.permission][caller];
        if (outcome !== due) wrong.push(`${operationName(operation)} as ${caller}: ${outcome}, not ${due}`);
        if (code === 'internal_error') wrong.push(`${operationName(operation)} as ${caller}: ${code}`);
      }
    }
    assert.ok(operations.length > 25, `${operations.length} operations`);
    assert.deepEqual(wrong, []);
  });

  it("answers somebody else's thing like one that is not there, but for the record of a job to administrators", async () => {
    const wrong: string[] = [];
    const owned = operations.filter((operation) => operation.path.includes(':') && isAboutOwnThings(operation));
    for (const operation of owned) {
      for (const stranger of ['user', 'admin'] as const) {
        const code = await outcomeOf(operation, pathTo(operation, things), credentials[stranger], bodyOf(operation));
        const due = stranger === 'admin' && shownToAdministrators.has(operationName(operation)) ? 'done' : 'not_found';
        if (code !== due) wrong.push(`${operationName(operation)} as another ${stranger}: ${code}, not ${due}`);
      }
    }
    assert.ok(owned.length > 5, `${owned.length} operations`);
    assert.deepEqual(wrong, []);
  });

  it('answers it to its owner', async () => {
    const wrong: string[] = [];
    const readable = operations.filter(
      (operation) => operation.method === 'GET' && operation.path.includes(':') && isAboutOwnThings(operation),
    );
    for (const operation of readable) {
      const code = await outcomeOf(operation, pathTo(operation, things), `Bearer ${owner}`);
      if (code !== 'done' && code !== 'job_not_terminal') wrong.push(`${operationName(operation)}: ${code}`);
    }
    assert.deepEqual(wrong, []);
  });
});

async function issueCredentials(app: TestApp): Promise<Record<Caller, string | null>> {
  const asMaster = buildCall({ principal: master });
  const user = await app.signUp();
  const admin = await app.signUp('admin');
  const past = Date.now() - 60_000;
  const account = await app.verbs.createUser(
    {
      email: 'expired@example.com',
      name: null,
      password: 'a long password',
      roleId: 1,
      organizationId: null,
      budget: null,
      expiresAt: past,
      priority: 0,
    },
    asMaster,
  );
  const keyOf = (userId: number, expiresAt: number | null = null) =>
    app.verbs.createKey({ name: 'matrix', expiresAt, userId }, asMaster);
  const revoked = await keyOf(user.userId);
  await user.json('DELETE', `/v1/me/keys/${revoked.id}`);
  const bearer = ({ secret }: { secret: string }) => `Bearer ${secret}`;
  return {
    'no credential': null,
    'malformed credential': 'Basic dXNlcjpwYXNzd29yZA==',
    'unknown key': `Bearer ${user.key.slice(0, -4)}0000`,
    'expired key': bearer(await keyOf(user.userId, past)),
    'revoked key': bearer(revoked),
    'expired account': bearer(await keyOf(account.id)),
    user: `Bearer ${user.key}`,
    admin: `Bearer ${admin.key}`,
  };
}

function formWith(field: string): FormData {
  const form = new FormData();
  form.set(field, new File(['mine now'], 'mine'));
  return form;
}

async function createThings(app: TestApp, key: string): Promise<Things> {
  const principal = await app.verbs.authenticate({ secret: key }, buildCall());
  const call = buildCall({ principal });
  const collection = await app.verbs.createCollection({ name: 'own', description: null, visibility: 'private' }, call);
  const splitter = {
    chunkSize: 100,
    chunkMinSize: 0,
    chunkOverlap: 0,
    separators: [],
    isSeparatorRegex: false,
    preset: 'markdown',
    disableChunking: false,
  };
  const draft = { collectionId: collection.id, file: null, name: 'own', splitter, metadata: null };
  const document = await app.verbs.createDocument(draft, call);
  await app.verbs.addChunks({ documentId: document.id, chunks: [{ content: 'own', metadata: null }] }, call);
  const response = await fetch(`${app.url}/v1/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'respond-async' },
    body: '{"model":"all-minilm-l6-v2","input":"own"}',
  });
  const job = (await response.json()) as { id: string };
  const completion = buildStoredChat({ id: 'matrix', ownerId: principal.userId });
  await app.deps.storedChats.put(completion);
  const text = { type: 'message', role: 'user', content: 'own' };
  const conversation = await app.verbs.createConversation({ items: [text], metadata: {} }, call);
  const page = { limit: 1, order: 'asc', after: null } as const;
  const [item] = (await app.verbs.listConversationItems({ id: conversation.id, ...page }, call)).items;
  const kept = { _id: 'resp_matrix', ownerId: principal.userId, createdAt: 0, contentBlob: null, ancestors: [] };
  const expiresAt = Date.now() + 3_600_000;
  const content = JSON.stringify({ response: {}, input: [], output: [] });
  await app.deps.responses.save({ ...kept, content, expiresAt, itemIds: [] });
  const upload = { bytes: 3, name: 'own', mediaType: 'text/plain', purpose: 'user_data' } as const;
  const { id: uploads } = await app.verbs.createUpload({ ...upload, fileExpiresAfterMs: null }, call);
  const stored = { content: textOf('own'), mediaType: 'text/plain', name: 'own.txt', maxBytes: 10 };
  const blob = await app.verbs.storeBlob(stored, call);
  const file = await app.verbs.createFile({ blob, purpose: 'user_data', expiresAfterMs: null }, call);
  const lines = await app.verbs.storeBlob({ ...stored, content: textOf('{}'), name: 'own.jsonl' }, call);
  const input = await app.verbs.createFile({ blob: lines, purpose: 'batch', expiresAfterMs: null }, call);
  const accepted = await fetch(`${app.url}/v1/batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input_file_id: input.id, endpoint: '/v1/embeddings', completion_window: '24h' }),
  });
  const batch = (await accepted.json()) as { id: string };
  const receiver = { url: 'https://127.0.0.1/hook', description: null, events: ['*'], payload: 'thin' } as const;
  const { endpoint } = await app.verbs.createWebhookEndpoint(receiver, call);
  const delivery = await app.verbs.testWebhookEndpoint({ id: endpoint.id }, call);
  return {
    endpoints: endpoint.id,
    deliveries: delivery.id,
    files: file.id,
    uploads,
    responses: kept._id,
    batches: batch.id,
    conversations: conversation.id,
    items: item?.id ?? '',
    completions: `chatcmpl-${completion.id}`,
    jobs: job.id,
    keys: String(principal.keyId),
    collections: String(collection.id),
    documents: String(document.id),
  };
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
