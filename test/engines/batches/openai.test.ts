import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import type { Batch } from 'openai/resources/batches';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { askedFor, chatLine, linesIn, storeFile } from '../../helpers/batches.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { chatCompletion, failure } from '../../helpers/wire/openai.ts';

const model = 'batched';

interface Line {
  id: string;
  custom_id: string;
  response: { status_code: number; request_id: string; body: { choices: { message: { content: string } }[] } } | null;
  error: { code: string; message: string } | null;
}

describe('a batch by the OpenAI client', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let user: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream();
    app = await startTestApp({ workers: true, config: { batches: { maxLines: 250 } } });
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    upstream.reset();
    upstream.respond((asked) => chatCompletion({ text: [`answer to ${askedFor(asked)}`] }));
    user = await app.signUp();
    client = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: user.key, maxRetries: 0 });
  });

  async function create(lines: readonly string[], more: Partial<OpenAI.BatchCreateParams> = {}): Promise<Batch> {
    const input_file_id = await storeFile(app, user, lines);
    return client.batches.create({
      input_file_id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      ...more,
    });
  }

  async function ended(id: string): Promise<Batch> {
    let batch = await client.batches.retrieve(id);
    await waitFor(
      'the end of the batch',
      async () => {
        batch = await client.batches.retrieve(id);
        return ['completed', 'failed', 'expired', 'cancelled'].includes(batch.status);
      },
      90_000,
    );
    return batch;
  }

  it('calls every line and answers each in one of two files', async () => {
    upstream.respond((asked) =>
      askedFor(asked) === 'c' ? failure(400, 'no c') : chatCompletion({ text: [`answer to ${askedFor(asked)}`] }),
    );
    const created = await create(
      ['a', 'b', 'c', 'd'].map((id) => chatLine(id, model)),
      { metadata: { team: 'blue' } },
    );
    assert.match(created.id, /^batch_/);
    assert.deepEqual([created.object, created.status, created.metadata], ['batch', 'validating', { team: 'blue' }]);

    const batch = await ended(created.id);
    assert.equal(batch.status, 'completed', JSON.stringify(batch));
    assert.deepEqual(batch.request_counts, { total: 4, completed: 3, failed: 1 });
    assert.equal(batch.model, model);
    assert.ok(batch.in_progress_at && batch.finalizing_at && batch.completed_at && batch.expires_at);
    assert.equal(batch.expires_at - batch.created_at, 24 * 3600);
    assert.ok((batch.usage?.input_tokens ?? 0) > 0);

    const output = await linesIn<Line>(app, user, batch.output_file_id);
    assert.deepEqual(
      output.map((line) => [line.custom_id, line.response?.status_code, line.error]),
      ['a', 'b', 'd'].map((id) => [id, 200, null]),
    );
    assert.equal(output[0]?.response?.body.choices[0]?.message.content, 'answer to a');
    assert.match(output[0]?.id ?? '', /^batch_req_/);
    const errors = await linesIn<Line>(app, user, batch.error_file_id);
    assert.deepEqual(
      errors.map((line) => [line.custom_id, line.response?.status_code]),
      [['c', 400]],
    );
  });

  it('is a job that tells how far it is, and answers the batch as its result', async () => {
    const created = await create(['a', 'b'].map((id) => chatLine(id, model)));
    await ended(created.id);
    const jobId = created.id.replace('batch_', 'job_');
    const job = await user.json<{ status: string; request_counts: unknown; progress: { percent: number } }>(
      'GET',
      `/v1/jobs/${jobId}`,
    );
    assert.deepEqual([job.status, job.progress.percent], ['completed', 100]);
    assert.deepEqual(job.request_counts, { total: 2, completed: 2, failed: 0 });
    const result = await user.json<Batch>('GET', `/v1/jobs/${jobId}/result`);
    assert.deepEqual(result, await client.batches.retrieve(created.id));
  });

  it('meters every line once', async () => {
    const created = await create(Array.from({ length: 12 }, (_none, index) => chatLine(`line-${index}`, model)));
    await ended(created.id);
    const query = { from: 0, to: Number.MAX_SAFE_INTEGER, endpoint: null, offset: 0, limit: 100 };
    await waitFor('the records of the calls', async () => (await app.deps.usage.list(user.userId, query)).total >= 12);
    const { records } = await app.deps.usage.list(user.userId, query);
    assert.equal(records.length, 12);
    assert.equal(new Set(records.map(({ requestId }) => requestId)).size, 12);
    assert.ok(records.every(({ endpoint, status }) => endpoint === '/v1/chat/completions' && status === 200));
  });

  it('fails with the place of every fault, and calls nothing', async () => {
    const line = chatLine('a', model);
    const batch = await ended(
      (
        await create([
          line,
          '{"custom_id": "b"',
          line,
          chatLine('c', model, { stream: true }),
          JSON.stringify({ ...JSON.parse(chatLine('d', model)), url: '/v1/embeddings' }),
          JSON.stringify({ ...JSON.parse(chatLine('e', model)), method: 'GET' }),
          JSON.stringify({ ...JSON.parse(chatLine('f', model)), body: 'text' }),
          '{"method": "POST"}',
        ])
      ).id,
    );
    assert.equal(batch.status, 'failed');
    assert.ok(batch.failed_at);
    assert.deepEqual(
      batch.errors?.data?.map(({ code, line, param }) => [line, code, param]),
      [
        [2, 'invalid_json_line', null],
        [3, 'duplicate_custom_id', 'custom_id'],
        [4, 'invalid_request', 'body.stream'],
        [5, 'mismatched_url', 'url'],
        [6, 'invalid_method', 'method'],
        [7, 'invalid_body', 'body'],
        [8, 'missing_required_parameter', 'custom_id'],
      ],
    );
    assert.equal(upstream.ledger.length, 0);
  });

  it('takes as many lines as are allowed, and not one more', async () => {
    const lines = Array.from({ length: 251 }, (_none, index) => chatLine(`line-${index}`, model));
    const tooMany = await ended((await create(lines)).id);
    assert.deepEqual([tooMany.status, tooMany.errors?.data?.[0]?.code], ['failed', 'too_many_requests']);
    assert.equal(upstream.ledger.length, 0);
    const enough = await ended((await create(lines.slice(1))).id);
    assert.deepEqual(enough.request_counts, { total: 250, completed: 250, failed: 0 });
    const output = await linesIn<Line>(app, user, enough.output_file_id);
    assert.deepEqual(
      output.map((line) => line.custom_id),
      Array.from({ length: 250 }, (_none, index) => `line-${index + 1}`),
    );
  });

  it('gives a line that its call would refuse the very words of the call', async () => {
    const body = { model, messages: 'none' };
    const inline = await user.request('POST', '/v1/chat/completions', { body });
    const { error } = (await inline.json()) as { error: unknown };
    const batch = await ended((await create([chatLine('a', model, { messages: 'none' })])).id);
    const [line] = await linesIn<{ response: { status_code: number; body: { error: unknown } } }>(
      app,
      user,
      batch.error_file_id,
    );
    assert.deepEqual([line?.response.status_code, line?.response.body.error], [inline.status, error]);
    assert.equal(batch.output_file_id, null);
  });

  it('that is cancelled keeps what was answered and says of the rest that it was not', async () => {
    const release = Promise.withResolvers<void>();
    upstream.respond((asked) => {
      const answer = chatCompletion({ text: ['done'] });
      const isFirst = Number(askedFor(asked).split('-')[1]) < 5;
      return isFirst ? answer : { ...answer, body: [{ until: release.promise }] };
    });
    const created = await create(Array.from({ length: 60 }, (_none, index) => chatLine(`line-${index}`, model)));
    await waitFor('the first answers', async () => {
      const { request_counts } = await client.batches.retrieve(created.id);
      return upstream.ledger.length >= 8 || (request_counts?.completed ?? 0) >= 5;
    });
    await waitFor('the rows of the first answers', async () => {
      const done = await app.deps.batches.linesDone(user.userId, created.id.replace('batch_', 'job_'), 0);
      return done.size >= 5;
    });
    const cancelling = await client.batches.cancel(created.id);
    assert.equal(cancelling.status, 'cancelling');
    const batch = await ended(created.id);
    release.resolve();
    assert.equal(batch.status, 'cancelled');
    assert.ok(batch.cancelling_at && batch.cancelled_at);
    assert.deepEqual(batch.request_counts, { total: 60, completed: 5, failed: 55 });
    const output = await linesIn<Line>(app, user, batch.output_file_id);
    const errors = await linesIn<Line>(app, user, batch.error_file_id);
    assert.equal(output.length, 5);
    assert.equal(new Set([...output, ...errors].map((line) => line.custom_id)).size, 60);
    assert.ok(errors.every((line) => line.error?.code === 'batch_cancelled' && line.response === null));
  });

  it('that is not done in time keeps what was answered too', async () => {
    upstream.respond((asked) => (askedFor(asked) === 'quick' ? chatCompletion({ text: ['done'] }) : 'silence'));
    const input_file_id = await storeFile(app, user, [chatLine('quick', model), chatLine('slow', model)]);
    const job = await user.json<{ id: string }>('POST', '/v1/jobs', {
      body: {
        endpoint: '/v1/batches',
        body: { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' },
        deadline_at: Math.floor(Date.now() / 1000) + 12,
      },
    });
    const batch = await ended(job.id.replace('job_', 'batch_'));
    assert.equal(batch.status, 'expired');
    assert.ok(batch.expired_at);
    const output = await linesIn<Line>(app, user, batch.output_file_id);
    const errors = await linesIn<Line>(app, user, batch.error_file_id);
    assert.deepEqual(
      output.map((line) => line.custom_id),
      ['quick'],
    );
    assert.deepEqual(
      errors.map((line) => [line.custom_id, line.error?.code]),
      [['slow', 'batch_expired']],
    );
  });

  it('is listed with the others, the latest first, and pages by id', async () => {
    const ids: string[] = [];
    for (const id of ['a', 'b', 'c']) ids.push((await create([chatLine(id, model)])).id);
    const page = await client.batches.list({ limit: 2 });
    assert.deepEqual(
      page.data.map((batch) => batch.id),
      [ids[2], ids[1]],
    );
    const all: string[] = [];
    for await (const batch of client.batches.list({ limit: 2 })) all.push(batch.id);
    assert.deepEqual(all, ids.toReversed());
  });

  it('belongs to its owner alone', async () => {
    const { id } = await create([chatLine('a', model)]);
    const other = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: (await app.signUp()).key, maxRetries: 0 });
    await assert.rejects(other.batches.retrieve(id), NotFoundError);
    await assert.rejects(other.batches.cancel(id), NotFoundError);
    assert.deepEqual((await other.batches.list()).data, []);
    const input_file_id = await storeFile(app, user, [chatLine('a', model)]);
    const params = { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
    await assert.rejects(other.batches.create(params), NotFoundError);
  });

  it('is refused for an endpoint that is not served, by name', async () => {
    await assert.rejects(create(['{}'], { endpoint: '/v1/moderations' }), (error: BadRequestError) => {
      assert.ok(error instanceof BadRequestError);
      assert.deepEqual([error.param, error.code], ['endpoint', 'unsupported_value']);
      return true;
    });
  });

  it('is refused a file of another purpose', async () => {
    const input_file_id = await storeFile(app, user, ['{}'], 'user_data');
    const params = { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
    await assert.rejects(client.batches.create(params), (error: BadRequestError) => error.param === 'input_file_id');
  });

  it('leaves no rows of its lines behind', async () => {
    const created = await create([chatLine('a', model)]);
    await ended(created.id);
    const jobId = created.id.replace('batch_', 'job_');
    await waitFor('the rows to go', async () => (await app.deps.batches.countShards(user.userId, jobId)) === 0);
    assert.equal((await app.deps.batches.total(user.userId, jobId)).completed, 0);
  });
});
