import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../../src/core/endpoint.ts';
import { operationName } from '../../../src/core/endpoint.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { opengate } from '../../../src/protocols/opengate/index.ts';
import { startTestApi } from '../../helpers/api.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openLibrary } from '../../helpers/library.ts';

/** What a caller of specification S4 meets, over HTTP and on the engines: every status of every endpoint. */
test('the retrieval API of S4', async (context) => {
  const library = await openLibrary(useEngines());
  context.after(() => library.close());
  const users: Record<string, number> = { anne: 1, bob: 2 };
  const authenticate: Verbs['authenticate'] = async ({ secret }) => {
    const userId = users[secret.replace('+', '')];
    if (userId === undefined) throw new GatewayError('invalid_api_key', 'Invalid API key.');
    return library.as(userId, secret.endsWith('+') ? ['create_public_collection'] : []).principal;
  };
  const { url } = await startTestApi(context, { verbs: { ...library.verbs, authenticate }, dialects: [opengate] });

  /** Sends JSON, or a form. The answer of a declared operation must be what the declaration promises. */
  async function send(as: string, operation: string, path: string, body?: object | FormData) {
    const [method = ''] = operation.split(' ');
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${as}`, ...(body && !isForm && { 'content-type': 'application/json' }) },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? null : JSON.parse(text);
    if (response.ok) endpointOf(operation).response?.parse(answer);
    return { status: response.status, answer };
  }

  async function expectDetail(answer: ReturnType<typeof send>, status: number, detail: string | RegExp) {
    const sent = await answer;
    assert.equal(sent.status, status, JSON.stringify(sent.answer));
    const said = Array.isArray(sent.answer.detail) ? sent.answer.detail[0].msg : sent.answer.detail;
    if (typeof detail === 'string') assert.equal(said, detail);
    else assert.match(said, detail);
  }

  const create = async (as: string, changes: object = {}) =>
    send(as, 'POST /v1/collections', '/v1/collections', { name: 'papers', ...changes });
  const form = (fields: Record<string, string>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };

  const collectionId: number = (await create('anne')).answer.id;
  const publicId: number = (await create('anne+', { name: 'open', visibility: 'public' })).answer.id;
  const collection = `/v1/collections/${collectionId}`;
  const document: { status: number; answer: { id: number } } = await send(
    'anne',
    'POST /v1/documents',
    '/v1/documents',
    form({ collection_id: String(collectionId), name: 'notes' }),
  );
  const documentId = document.answer.id;
  const documentPath = `/v1/documents/${documentId}`;
  const chunks = [{ content: 'the tide is high', metadata: { page: 1, draft: true } }, { content: 'the tide is low' }];

  await context.test('collections', async (t) => {
    await t.test('are made, shown, listed, changed and deleted', async () => {
      const made = await create('anne', { description: 'of mine', extra: 'ignored' });
      assert.equal(made.status, 201);
      const path = `/v1/collections/${made.answer.id}`;
      const changed = await send('anne', 'PATCH /v1/collections/:collection_id', path, {
        name: 'new',
        description: null,
      });
      assert.deepEqual(changed, { status: 204, answer: null });
      const shown = await send('anne', 'GET /v1/collections/:collection_id', path);
      assert.equal(shown.status, 200);
      assert.deepEqual([shown.answer.object, shown.answer.name, shown.answer.description], ['collection', 'new', null]);
      const deleted = await send('anne', 'DELETE /v1/collections/:collection_id', `${path}?required=false`);
      assert.deepEqual(deleted, { status: 204, answer: null });
      await expectDetail(send('anne', 'GET /v1/collections/:collection_id', path), 404, 'Collection not found.');
    });

    await t.test('are listed in pages, with the total', async () => {
      const operation = 'GET /v1/collections';
      const { answer } = await send('anne', operation, '/v1/collections?limit=1&order_by=name&sort_order=desc');
      assert.deepEqual([answer.object, answer.total, answer.offset, answer.limit], ['list', 2, 0, 1]);
      assert.equal(answer.data[0].name, 'papers');
    });

    await t.test('answer 401, 403, 404 and 422 as S4 does', async () => {
      const unknown = await send('nobody', 'GET /v1/collections', '/v1/collections');
      assert.ok([401, 403].includes(unknown.status));
      const forbidden = 'Missing permission to update collection visibility to public.';
      await expectDetail(create('bob', { visibility: 'public' }), 403, forbidden);
      const operation = 'PATCH /v1/collections/:collection_id';
      await expectDetail(send('anne', operation, collection, { visibility: 'public' }), 403, forbidden);
      await expectDetail(send('bob', operation, collection, { name: 'mine' }), 404, 'Collection not found.');
      await expectDetail(
        send('bob', 'DELETE /v1/collections/:collection_id', collection),
        404,
        'Collection not found.',
      );
      assert.equal((await create('anne', { name: '  ' })).status, 422);
      assert.equal((await create('anne', { visibility: 'secret' })).status, 422);
      assert.equal((await send('anne', 'GET /v1/collections', '/v1/collections?limit=101')).status, 422);
      assert.equal((await send('anne', 'GET /v1/collections', '/v1/collections?order_by=size')).status, 422);
    });
  });

  await context.test('documents', async (t) => {
    const post = (as: string, fields: Record<string, string>) =>
      send(as, 'POST /v1/documents', '/v1/documents', form(fields));

    await t.test('without a file are made of a form, by either name of the collection', async () => {
      assert.equal(document.status, 201);
      assert.deepEqual(Object.keys(document.answer), ['id']);
      assert.equal((await post('anne', { collection: String(collectionId), name: 'old name' })).status, 201);
    });

    await t.test('are shown with S4’s fields and their progress', async () => {
      const { answer } = await send('anne', 'GET /v1/documents/:document_id', documentPath);
      const { object, id, name, collection_id, chunks: count, status, job_id, progress, provenance } = answer;
      assert.deepEqual(
        { object, id, name, collection_id, count, status, job_id, progress, provenance },
        {
          object: 'document',
          id: documentId,
          name: 'notes',
          collection_id: collectionId,
          count: 0,
          status: 'completed',
          job_id: null,
          progress: null,
          provenance: [],
        },
      );
      const list = await send('anne', 'GET /v1/documents', `/v1/documents?collection_id=${collectionId}&name=notes`);
      assert.deepEqual([list.answer.total, list.answer.data[0].id], [1, documentId]);
    });

    await t.test('answer 404 and 422 as S4 does', async () => {
      await expectDetail(post('bob', { collection_id: String(publicId), name: 'x' }), 404, 'Collection not found.');
      const fields = { collection_id: String(collectionId) };
      await expectDetail(post('anne', fields), 422, 'name is required when file is not provided');
      await expectDetail(post('anne', { name: 'x' }), 422, 'collection_id is required');
      for (const metadata of ['not json', '[1]', '{}', '{"a":null}', '{"a":{"b":1}}']) {
        assert.equal((await post('anne', { ...fields, name: 'x', metadata })).status, 422, metadata);
      }
      assert.equal((await post('anne', { ...fields, name: 'x', chunk_size: '-1' })).status, 422);
      assert.equal((await post('anne', { ...fields, name: 'x', preset_separators: 'cobol2' })).status, 422);
      assert.equal((await post('anne', { ...fields, name: 'x'.repeat(256) })).status, 422);
      await expectDetail(send('bob', 'GET /v1/documents/:document_id', documentPath), 404, 'Document not found.');
      await expectDetail(send('bob', 'DELETE /v1/documents/:document_id', documentPath), 404, 'Document not found.');
      await expectDetail(send('anne', 'GET /v1/documents/:document_id', '/v1/documents/0'), 404, 'Document not found.');
    });

    await t.test('are deleted', async () => {
      const { answer } = await post('anne', { ...{ collection_id: String(collectionId) }, name: 'short-lived' });
      const path = `/v1/documents/${answer.id}`;
      assert.equal((await send('anne', 'DELETE /v1/documents/:document_id', path)).status, 204);
      await expectDetail(send('anne', 'DELETE /v1/documents/:document_id', path), 404, 'Document not found.');
    });
  });

  await context.test('chunks', async (t) => {
    const post = (as: string, body: object) =>
      send(as, 'POST /v1/documents/:document_id/chunks', `${documentPath}/chunks`, body);

    await t.test('are posted, listed and shown, by the paths of today and of yesterday', async () => {
      assert.deepEqual(await post('anne', { chunks }), {
        status: 201,
        answer: { document_id: documentId, ids: [0, 1] },
      });
      const listed = await send('anne', 'GET /v1/documents/:document_id/chunks', `${documentPath}/chunks`);
      const { created, ...first } = listed.answer.data[0];
      assert.deepEqual(first, {
        object: 'chunk',
        id: 0,
        collection_id: collectionId,
        document_id: documentId,
        content: 'the tide is high',
        metadata: { page: 1, draft: true },
        source: null,
      });
      assert.ok(Math.abs(created - Date.now() / 1000) < 3600);
      assert.deepEqual(await send('anne', 'GET /v1/chunks/:document', `/v1/chunks/${documentId}`), listed);

      const one = await send('anne', 'GET /v1/documents/:document_id/chunks/:chunk_id', `${documentPath}/chunks/1`);
      assert.equal(one.answer.content, 'the tide is low');
      assert.deepEqual(await send('anne', 'GET /v1/chunks/:document/:chunk', `/v1/chunks/${documentId}/1`), one);
    });

    await t.test('answer 404 and 422 as S4 does', async () => {
      const operation = 'GET /v1/documents/:document_id/chunks/:chunk_id';
      await expectDetail(send('anne', operation, `${documentPath}/chunks/99`), 404, 'Chunk not found.');
      await expectDetail(post('bob', { chunks }), 404, 'Document not found.');
      await expectDetail(
        send('bob', 'GET /v1/chunks/:document', `/v1/chunks/${documentId}`),
        404,
        'Document not found.',
      );
      assert.equal((await post('anne', { chunks: [] })).status, 422);
      assert.equal((await post('anne', { chunks: Array.from({ length: 65 }, () => chunks[1]) })).status, 422);
      assert.equal((await post('anne', { chunks: [{ content: '' }] })).status, 422);
      assert.equal((await post('anne', { chunks: [{ content: ' \n' }] })).status, 422);
      assert.equal((await post('anne', { chunks: [{ content: 'x', metadata: {} }] })).status, 422);
    });

    await t.test('are deleted, also when they are not there', async () => {
      const operation = 'DELETE /v1/documents/:document_id/chunks/:chunk_id';
      const { answer } = await post('anne', { chunks: [{ content: 'to be deleted' }] });
      for (let time = 0; time < 2; time += 1) {
        const path = `${documentPath}/chunks/${answer.ids[0]}`;
        assert.deepEqual(await send('anne', operation, path), { status: 204, answer: null });
      }
    });
  });

  await context.test('search', async (t) => {
    const search = (as: string, body: object) => send(as, 'POST /v1/search', '/v1/search', body);
    const contents = async (body: object) =>
      (await search('anne', body)).answer.data.map((hit: { chunk: { content: string } }) => hit.chunk.content);

    await t.test('is by meaning unless told otherwise, and shows method, score, chunk and usage', async () => {
      const { status, answer } = await search('anne', { query: 'The tide is high!' });
      assert.equal(status, 200);
      const [hit] = answer.data;
      assert.deepEqual([hit.method, hit.chunk.content, hit.legs], ['semantic', 'the tide is high', null]);
      assert.ok(Math.abs(hit.score - 1) < 1e-4);
      const { prompt_tokens, total_tokens, requests } = answer.usage;
      assert.deepEqual([prompt_tokens, total_tokens, requests], [4, 4, 1]);
      const lexical = await search('anne', { query: 'tide', method: 'lexical' });
      assert.equal(lexical.answer.usage.requests, 0);
    });

    await t.test('takes the old names of its fields', async () => {
      const old = { prompt: 'tide', collections: [collectionId], method: 'lexical' };
      assert.deepEqual((await contents(old)).length, 2);
    });

    await t.test('takes filters, documents, pages and a constant of fusion', async () => {
      const filter = { key: 'page', type: 'eq', value: 1 };
      const both = { filters: [filter, { key: 'draft', type: 'eq', value: true }], operator: 'and' };
      for (const metadata_filters of [filter, both]) {
        assert.deepEqual(await contents({ query: 'tide', metadata_filters }), ['the tide is high']);
      }
      assert.deepEqual(await contents({ query: 'tide', document_ids: [documentId + 1_000] }), []);
      const paged = { query: 'tide low', method: 'hybrid', limit: 1, offset: 1, rff_k: 0 };
      assert.deepEqual(await contents(paged), ['the tide is high']);
      assert.deepEqual(await contents({ query: 'the tide is low', score_threshold: 0.99 }), ['the tide is low']);
    });

    await t.test('answers 400, 404 and 422 as S4 does', async () => {
      const threshold = 'Score threshold is only available for semantic search method';
      await expectDetail(search('anne', { query: 'x', method: 'lexical', score_threshold: 0.5 }), 400, threshold);
      const missing = `Collection ${collectionId} not found.`;
      await expectDetail(search('bob', { query: 'x', collection_ids: [collectionId] }), 404, missing);
      for (const body of [{}, { query: null }, { query: ' ' }, { prompt: '' }]) {
        await expectDetail(search('anne', body), 422, 'query or prompt must be provided');
      }
      const faulty = [
        { limit: 0 },
        { limit: 101 },
        { offset: -1 },
        { offset: 1_000 },
        { method: 'magic' },
        { rff_k: 16_385 },
        { score_threshold: 1.5 },
        { collection_ids: [0] },
        { collection_ids: Array.from({ length: 101 }, (_, index) => index + 1) },
        { metadata_filters: { key: 'a', type: 'gt', value: 1 } },
        { metadata_filters: { filters: [{ key: 'a', type: 'eq', value: 1 }], operator: 'and' } },
        { query: 'x'.repeat(8_193) },
      ];
      for (const body of faulty) {
        assert.equal((await search('anne', { query: 'x', ...body })).status, 422, JSON.stringify(body).slice(0, 100));
      }
    });
  });
});

function endpointOf(operation: string): Endpoint {
  const endpoint = opengate.endpoints.find((each) => operationName(each) === operation);
  assert.ok(endpoint, `${operation} is not declared`);
  return endpoint;
}
