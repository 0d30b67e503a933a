import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';

const model = 'all-minilm-l6-v2';
/** So small that every request and every result is stored as a file. */
const config = { jobs: { inlineBodyBytes: 16, inlineResultBytes: 16 } };

interface Accepted {
  id: string;
}

/** As its dialect renders it: `error` is the shape of this API, `detail` that of documents. */
interface Refusal {
  error?: { code: string };
  detail?: unknown;
}

describe('files of jobs', () => {
  let app: TestApp;
  let user: TestCaller;
  let connection: Connection;
  before(async () => {
    app = await startTestApp({ workers: true, config });
    user = await app.signUp();
    connection = await connectMongo(app.deps.config.mongodb);
  });
  after(async () => {
    await connection.close();
    await app.stop();
  });

  async function stored(): Promise<{ files: number; chunks: number }> {
    const [files, chunks] = await Promise.all(
      ['blobs.files', 'blobs.chunks'].map((name) => connection.collection(name).countDocuments()),
    );
    return { files: files ?? 0, chunks: chunks ?? 0 };
  }

  const nothing = { files: 0, chunks: 0 };

  async function completed(): Promise<string> {
    const headers = { prefer: 'respond-async' };
    const { id } = await user.json<Accepted>('POST', '/v1/embeddings', { body: { model, input: 'hello' }, headers });
    await untilCompleted(id);
    return id;
  }

  async function untilCompleted(id: string): Promise<void> {
    let status = 'queued';
    while (['queued', 'in_progress'].includes(status)) {
      ({ status } = await user.json<{ status: string }>('GET', `/v1/jobs/${id}?wait=30`));
    }
    assert.equal(status, 'completed');
  }

  function formOf(fields: Record<string, string>, fileField = 'file'): FormData {
    const form = new FormData();
    form.append(fileField, new Blob(['# Title\n\nText.'], { type: 'text/markdown' }), 'a.md');
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return form;
  }

  async function refused(path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
    const response = await user.request('POST', path, { body, headers });
    const { error, detail } = (await response.json()) as Refusal;
    assert.ok(error ?? detail);
    return error ? `${response.status} ${error.code}` : String(response.status);
  }

  it('go with the job: its request and its result', async () => {
    const id = await completed();
    assert.deepEqual(await stored(), { files: 2, chunks: 2 });
    await user.json('DELETE', `/v1/jobs/${id}`);
    assert.deepEqual(await stored(), nothing);
  });

  it('stay for a retry when the job it repeats is deleted', async () => {
    const id = await completed();
    const retry = await user.json<Accepted>('POST', `/v1/jobs/${id}/retry`);
    await user.json('DELETE', `/v1/jobs/${id}`);
    await untilCompleted(retry.id);
    await user.json('DELETE', `/v1/jobs/${retry.id}`);
    assert.deepEqual(await stored(), nothing);
  });

  it('are there for every retry that was accepted while its job was being deleted', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await completed();
      const [retried] = await Promise.all([
        user.request('POST', `/v1/jobs/${id}/retry`),
        user.json('DELETE', `/v1/jobs/${id}`),
      ]);
      assert.ok([202, 404, 410].includes(retried.status), `round ${round}: ${retried.status}`);
      const retry = (await retried.json()) as Accepted;
      if (retried.status === 202) {
        await untilCompleted(retry.id);
        await user.json('DELETE', `/v1/jobs/${retry.id}`);
      }
      assert.deepEqual(await stored(), nothing);
    }
  });

  it('that are gone make a retry impossible, and no job', async () => {
    const id = await completed();
    await app.deps.blobs.release(user.userId, `job:${id}`);
    assert.equal(await refused(`/v1/jobs/${id}/retry`, {}), '410 job_expired');
    const { data } = await user.json<{ data: Accepted[] }>('GET', '/v1/jobs');
    assert.deepEqual(
      data.map((job) => job.id),
      [id],
    );
    await user.json('DELETE', `/v1/jobs/${id}`);
    assert.deepEqual(await stored(), nothing);
  });

  it('are not kept when the call they came with is refused', async () => {
    const collection_id = '999999';
    assert.equal(await refused('/v1/documents', formOf({ collection_id, chunk_size: 'x' })), '422');
    assert.equal(await refused('/v1/documents', formOf({ name: 'no collection' })), '422');
    assert.equal(await refused('/v1/documents', formOf({ collection_id })), '404');
    assert.deepEqual(await stored(), nothing);
  });

  it('are not kept when the key of their submission is malformed', async () => {
    const headers = { 'idempotency-key': 'x'.repeat(256) };
    assert.equal(await refused('/v1/documents', formOf({ collection_id: '1' }), headers), '422');
    assert.equal(await refused('/v1/jobs', formOf({ endpoint: '/v1/documents' }), headers), '400 invalid_request');
    assert.deepEqual(await stored(), nothing);
  });

  it('are not kept when a later part of their form is refused', async () => {
    const form = formOf({ collection_id: '1' });
    form.append('other', new Blob(['x']), 'b.md');
    assert.equal(await refused('/v1/documents', form), '422');
    assert.deepEqual(await stored(), nothing);
  });

  it('are not kept when POST /v1/jobs refuses the wrapper or the call inside it', async () => {
    const refusals = [
      formOf({ endpoint: '/v1/nothing', body: '{}' }),
      formOf({ endpoint: '/v1/embeddings', body: JSON.stringify({ model, input: 'x' }) }),
      formOf({ endpoint: '/v1/documents', body: '{"chunk_size":"x"}' }),
      formOf({ endpoint: '/v1/documents', body: '{' }),
      formOf({ endpoint: '/v1/documents', body: '{"collection_id":1}', metadata: '[]' }),
    ];
    for (const form of refusals) assert.match(await refused('/v1/jobs', form), /^400 /);
    const unknown = formOf({ endpoint: '/v1/documents', body: '{"collection_id":999999}' });
    assert.equal(await refused('/v1/jobs', unknown), '404 not_found');
    assert.deepEqual(await stored(), nothing);
  });

  it('of an idempotent submission are those of the first, whatever the later ones bring', async () => {
    const collection = await user.json<Accepted>('POST', '/v1/collections', { body: { name: 'c' } });
    const wrapper = {
      endpoint: '/v1/documents',
      body: JSON.stringify({ collection_id: collection.id }),
      metadata: '{"team":"blue"}',
      deadline_at: String(Math.ceil(Date.now() / 1_000) + 3_600),
    };
    const headers = { 'idempotency-key': 'once' };
    const { id } = await user.json<Accepted>('POST', '/v1/jobs', { body: formOf(wrapper), headers });
    await untilCompleted(id);
    const before = await stored();
    assert.equal((await user.json<Accepted>('POST', '/v1/jobs', { body: formOf(wrapper), headers })).id, id);
    const { deadline_at: _deadline, ...withoutDeadline } = wrapper;
    for (const other of [{ ...wrapper, metadata: '{"team":"red"}' }, withoutDeadline]) {
      assert.equal(await refused('/v1/jobs', formOf(other), headers), '422 idempotency_key_reused');
    }
    assert.deepEqual(await stored(), before);
  });
});
