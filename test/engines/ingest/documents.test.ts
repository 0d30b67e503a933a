import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';

const examples = join(import.meta.dirname, '../../../examples/documents');

interface DocumentBody {
  id: number;
  status: string;
  chunks: number;
  type: string;
  media_type: string;
  progress: { parts_done: number; parts_total: number; percent: number };
  provenance: { part: number; method: string; confidence: number | null }[];
}

interface JobBody {
  id: string;
  status: string;
  result: { status_code: number; body: { id: number } } | null;
  error: { code: string; message: string } | null;
}

interface ChunkBody {
  id: number;
  content: string;
  source: { from_page: number; to_page: number; start: number; end: number };
}

describe('ingestion from upload to search', () => {
  let app: TestApp;
  let user: TestCaller;
  let collection: number;
  before(async () => {
    app = await startTestApp({ workers: true, config: { documents: { waitMs: 90_000, parserProcesses: 2 } } });
    user = await app.signUp();
    collection = await newCollection(user);
  });
  after(() => app.stop());

  async function newCollection(caller: TestCaller): Promise<number> {
    return (await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'c' } })).id;
  }

  function form(name: string, content: Buffer | string, fields: Record<string, string> = {}): FormData {
    const body = new FormData();
    body.set('collection_id', String(collection));
    for (const [field, value] of Object.entries(fields)) body.set(field, value);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    body.set('file', new Blob([new Uint8Array(bytes)]), name);
    return body;
  }

  const upload = (body: FormData, headers: Record<string, string> = {}) =>
    user.request('POST', '/v1/documents', { body, headers });

  async function ended(id: string): Promise<JobBody> {
    for (;;) {
      const job = await user.json<JobBody>('GET', `/v1/jobs/${id}?wait=20`);
      if (['completed', 'failed', 'cancelled', 'expired'].includes(job.status)) return job;
    }
  }

  const search = (query: string, method: string) =>
    user.json<{ data: { chunk: ChunkBody & { document_id: number } }[] }>('POST', '/v1/search', {
      body: { query, method, collection_ids: [collection], limit: 3 },
    });

  it("answers the specification's 201 when the job ends within the wait", async () => {
    const response = await upload(form('note.txt', 'A short note about the ferry to Skellin.'));
    assert.equal(response.status, 201);
    assert.deepEqual(Object.keys((await response.json()) as object), ['id']);
  });

  it('answers 202 at once when asked to', async () => {
    const response = await upload(form('note.txt', 'Another note.'), { prefer: 'respond-async' });
    assert.equal(response.status, 202);
    const { id } = (await response.json()) as JobBody;
    assert.equal((await ended(id)).status, 'completed');
  });

  it('finds in a scan what stands only in its pixels, by all three methods, with its page', async () => {
    const response = await upload(form('scan.pdf', await readFile(join(examples, 'inspection-scan.pdf'))));
    const { id } = (await response.json()) as { id: number };
    const document = await user.json<DocumentBody>('GET', `/v1/documents/${id}`);
    assert.equal(document.type, 'pdf');
    assert.deepEqual([...new Set(document.provenance.map(({ method }) => method))], ['ocr']);
    assert.ok(document.provenance.every(({ confidence }) => confidence !== null && confidence > 0.7));
    assert.equal(document.progress.percent, 100);
    for (const method of ['lexical', 'semantic', 'hybrid']) {
      const { data } = await search('keystone weeps after northerly rain', method);
      assert.equal(data[0]?.chunk.document_id, id, method);
      assert.equal(data[0]?.chunk.source.from_page, 1);
    }
  });

  it('reads every example to chunks whose offsets are exact', async () => {
    const names = (await readdir(examples)).filter((name) => !/scan|photo|report/.test(name));
    for (const name of names) {
      const response = await upload(form(name, await readFile(join(examples, name)), { chunk_size: '500' }));
      assert.equal(response.status, 201, `${name}: ${await response.clone().text()}`);
      const { id } = (await response.json()) as { id: number };
      const markdown = await (await user.request('GET', `/v1/documents/${id}/content`)).text();
      const chunks = await user.json<{ data: ChunkBody[]; total: number }>(
        'GET',
        `/v1/documents/${id}/chunks?limit=100`,
      );
      assert.ok(chunks.total > 0, name);
      for (const { content, source } of chunks.data) assert.equal(markdown.slice(source.start, source.end), content);
    }
  });

  it('knows a file by its bytes, whatever its name says', async () => {
    const response = await upload(form('letter.pdf', await readFile(join(examples, 'meeting-minutes.docx'))));
    const { id } = (await response.json()) as { id: number };
    const document = await user.json<DocumentBody>('GET', `/v1/documents/${id}`);
    assert.equal(document.type, 'docx');
    assert.match(document.media_type, /wordprocessingml/);
  });

  it('answers the typed error of a file that is none, and leaves no document to search', async () => {
    const response = await upload(
      form('junk.pdf', Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 37) % 256))),
    );
    assert.ok([415, 422].includes(response.status), String(response.status));
    assert.equal(typeof ((await response.json()) as { detail: unknown }).detail, 'string');
  });

  it('says of an empty document that there is nothing in it', async () => {
    const response = await upload(form('blank.md', '  \n\n  '));
    assert.equal(response.status, 422);
  });

  it('refuses somebody else’s collection before anything is stored', async () => {
    const stranger = await app.signUp();
    const body = form('note.txt', 'mine');
    assert.equal((await stranger.request('POST', '/v1/documents', { body })).status, 404);
    assert.deepEqual((await stranger.json<{ data: unknown[] }>('GET', '/v1/jobs')).data, []);
  });

  it('lets a later try of a failed job fill the same document', async () => {
    const response = await upload(form('blank.md', ' \n '), { prefer: 'respond-async' });
    const failed = await ended(((await response.json()) as JobBody).id);
    assert.equal(failed.status, 'failed');
    const retried = await user.json<JobBody>('POST', `/v1/jobs/${failed.id}/retry`);
    await ended(retried.id);
    const documents = await user.json<{ data: { name: string; job_id: string }[] }>(
      'GET',
      '/v1/documents?name=blank.md',
    );
    assert.ok(documents.data.some(({ job_id }) => job_id === retried.id));
    assert.ok(documents.data.every(({ job_id }) => job_id !== failed.id));
  });

  it('stops when its job is cancelled, and shows nothing of it', async () => {
    const report = await readFile(join(examples, 'annual-report.pdf'));
    const response = await upload(form('cancelled.pdf', report), { prefer: 'respond-async' });
    const { id } = (await response.json()) as JobBody;
    await user.json('POST', `/v1/jobs/${id}/cancel`);
    assert.equal((await ended(id)).status, 'cancelled');
    const [document] = (await user.json<{ data: DocumentBody[] }>('GET', '/v1/documents?name=cancelled.pdf')).data;
    assert.equal(document?.status, 'cancelled');
    assert.equal(document?.chunks, 0);
  });

  it('tells of each part and of the end as events', async () => {
    const response = await upload(form('told.md', '# Title\n\nSome words to tell.'), { prefer: 'respond-async' });
    const { id } = (await response.json()) as JobBody;
    const text = await (await user.request('GET', `/v1/jobs/${id}/events`)).text();
    assert.match(text, /event: ?job\.progress/);
    const output = /event: ?job\.output\ndata: ?(.*)/.exec(text)?.[1] ?? '{}';
    assert.match((JSON.parse(output) as { delta: string }).delta, /Some words to tell/);
    assert.match(text, /event: ?job\.completed/);
  });
});
