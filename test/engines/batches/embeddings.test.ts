import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { linesIn, storeFile } from '../../helpers/batches.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const model = 'all-minilm-l6-v2';

interface Result {
  object: string;
  document_id: number | null;
  output_file_id: string | null;
  error_file_id: string | null;
  request_counts: { total: number; completed: number; failed: number };
  usage: { prompt_tokens: number };
}

interface JobBody {
  id: string;
  status: string;
  error: { code: string; message: string } | null;
}

describe('a file of texts that is embedded', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ workers: true, config: { batches: { maxTexts: 100, textsPerCall: 8 } } });
    user = await app.signUp();
  });
  after(() => app.stop());

  async function run(lines: readonly string[], more: object = {}): Promise<JobBody> {
    const input_file_id = await storeFile(app, user, lines, 'user_data');
    const { id } = await user.json<JobBody>('POST', '/v1/embeddings/batches', {
      body: { input_file_id, model, ...more },
      headers: { prefer: 'respond-async' },
    });
    let job = await user.json<JobBody>('GET', `/v1/jobs/${id}`);
    await waitFor(
      'the end of the job',
      async () => {
        job = await user.json<JobBody>('GET', `/v1/jobs/${id}?wait=10`);
        return !['queued', 'in_progress'].includes(job.status);
      },
      90_000,
    );
    return job;
  }

  const resultOf = ({ id }: JobBody) => user.json<Result>('GET', `/v1/jobs/${id}/result`);

  it('has the vectors of single calls, in the order of the lines', async () => {
    const texts = Array.from({ length: 20 }, (_none, index) => `text number ${index}`);
    const lines = texts.map((text, index) => JSON.stringify(index % 2 === 0 ? text : { id: `id-${index}`, text }));
    const job = await run(lines);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    const result = await resultOf(job);
    assert.equal(result.object, 'embedding_batch');
    assert.deepEqual(result.request_counts, { total: 20, completed: 20, failed: 0 });
    assert.equal(result.error_file_id, null);
    const output = await linesIn<{ id: string | null; line: number; embedding: number[] }>(
      app,
      user,
      result.output_file_id,
    );
    assert.deepEqual(
      output.map(({ id, line }) => [id, line]),
      texts.map((_text, index) => [index % 2 === 0 ? null : `id-${index}`, index + 1]),
    );
    const body = { model, input: texts };
    const inline = await user.json<{ data: { embedding: number[] }[] }>('POST', '/v1/embeddings', { body });
    for (const [index, { embedding }] of output.entries()) {
      const single = inline.data[index]?.embedding ?? [];
      assert.equal(embedding.length, single.length);
      assert.ok(embedding.every((value, place) => Math.abs(value - (single[place] ?? 0)) < 1e-3));
    }
    assert.ok(result.usage.prompt_tokens > 0);
  });

  it('comes as base64 and in fewer dimensions when asked to', async () => {
    const result = await resultOf(await run(['"a"'], { encoding_format: 'base64', dimensions: 8 }));
    const [line] = await linesIn<{ embedding: string }>(app, user, result.output_file_id);
    assert.equal(Buffer.from(line?.embedding ?? '', 'base64').byteLength, 8 * 4);
  });

  it('is refused as a whole for a line that is no text, with its place', async () => {
    const job = await run(['"a"', '{"texts": "b"}']);
    assert.deepEqual([job.status, job.error?.code], ['failed', 'invalid_request']);
    assert.match(job.error?.message ?? '', /line 2/);
  });

  it('has at most so many lines', async () => {
    const lines = Array.from({ length: 101 }, (_none, index) => JSON.stringify(`t${index}`));
    assert.equal((await run(lines)).status, 'failed');
    assert.equal((await run(lines.slice(1))).status, 'completed');
  });

  it('becomes a document of a collection: a chunk for each text, found by a search, with its metadata', async () => {
    const { id: collection_id } = await user.json<{ id: number }>('POST', '/v1/collections', {
      body: { name: 'texts' },
    });
    const texts = ['The train leaves at noon.', 'Bread is baked in the morning.', 'The moon is far away.'];
    const lines = texts.map((text, index) => JSON.stringify({ text, metadata: { place: index } }));
    // Nine more make two calls of it; an empty line shifts the numbers.
    const more = Array.from({ length: 9 }, (_none, index) => JSON.stringify(`filler ${index}`));
    const job = await run([...lines, '', ...more], { model: undefined, collection_id });
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    const result = await resultOf(job);
    assert.deepEqual([result.output_file_id, result.error_file_id], [null, null]);
    assert.deepEqual(result.request_counts, { total: 12, completed: 12, failed: 0 });
    const document = await user.json<{ chunks: number; status: string }>('GET', `/v1/documents/${result.document_id}`);
    assert.deepEqual([document.chunks, document.status], [12, 'completed']);
    const found = await user.json<{ data: { chunk: { content: string; metadata: unknown } }[] }>('POST', '/v1/search', {
      body: { collections: [collection_id], query: 'When does the train leave?', limit: 1, method: 'semantic' },
    });
    assert.equal(found.data[0]?.chunk.content, texts[0]);
    assert.deepEqual(found.data[0]?.chunk.metadata, { place: 0 });
  });

  it('has either a model or a collection', async () => {
    const input_file_id = await storeFile(app, user, ['"a"'], 'user_data');
    for (const body of [{ input_file_id }, { input_file_id, model, collection_id: 1 }]) {
      const response = await user.request('POST', '/v1/embeddings/batches', { body });
      assert.equal(response.status, 400);
    }
  });

  it('does not go into a collection of somebody else', async () => {
    const other = await app.signUp();
    const { id } = await other.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'theirs' } });
    const input_file_id = await storeFile(app, user, ['"a"'], 'user_data');
    const body = { input_file_id, collection_id: id };
    assert.equal((await user.request('POST', '/v1/embeddings/batches', { body })).status, 404);
  });

  it('is refused at once for a model that is not there', async () => {
    const input_file_id = await storeFile(app, user, ['"a"'], 'user_data');
    const response = await user.request('POST', '/v1/embeddings/batches', { body: { input_file_id, model: 'none' } });
    assert.equal(response.status, 404);
  });
});
