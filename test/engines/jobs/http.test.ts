import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';

const model = 'all-minilm-l6-v2';
const async = { prefer: 'respond-async' };

interface JobBody {
  id: string;
  status: string;
  result: { status_code: number; body: unknown } | null;
  last_sequence_number: number;
}

describe('jobs over HTTP', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ workers: true });
    user = await app.signUp();
  });
  after(() => app.stop());

  const submit = (headers: Record<string, string> = {}, input: unknown = 'hello') =>
    user.request('POST', '/v1/embeddings', { body: { model, input }, headers: { ...async, ...headers } });

  async function ended(id: string): Promise<JobBody> {
    for (;;) {
      const job = await user.json<JobBody>('GET', `/v1/jobs/${id}?wait=20`);
      if (['completed', 'failed', 'cancelled', 'expired'].includes(job.status)) return job;
    }
  }

  /** Ids and times apart, two answers of the same call are the same. */
  function withoutIds(body: unknown): unknown {
    const { id: _id, ...rest } = body as { id: string };
    return rest;
  }

  it('gives the job of a call the very answer of the call', async () => {
    const inline = await user.json('POST', '/v1/embeddings', { body: { model, input: ['a', 'b'] } });
    const accepted = (await (await submit({}, ['a', 'b'])).json()) as JobBody;
    const job = await ended(accepted.id);
    assert.equal(job.status, 'completed');
    assert.equal(job.result?.status_code, 200);
    assert.deepEqual(withoutIds(job.result?.body), withoutIds(inline));
    assert.deepEqual(withoutIds(await user.json('GET', `/v1/jobs/${job.id}/result`)), withoutIds(inline));
  });

  it('answers in the native form when the job is done within the wait', async () => {
    const response = await submit({ prefer: 'respond-async, wait=30' });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('x-job-id') ?? '', /^job_/);
    assert.equal(((await response.json()) as { object: string }).object, 'list');
  });

  it('accepts the same through POST /v1/jobs', async () => {
    const body = { endpoint: '/v1/embeddings', body: { model, input: 'x' }, metadata: { team: 'blue' } };
    const response = await user.request('POST', '/v1/jobs', { body });
    assert.equal(response.status, 202);
    const job = await ended(((await response.json()) as JobBody).id);
    assert.equal(job.status, 'completed');
  });

  it('refuses a bad request as the call would, and makes no job', async () => {
    const before = await user.json<{ data: unknown[] }>('GET', '/v1/jobs?limit=100');
    const response = await user.request('POST', '/v1/embeddings', { body: { model, input: '' }, headers: async });
    assert.equal(response.status, 400);
    const unknown = await user.request('POST', '/v1/embeddings', { body: { model: 'no', input: 'x' }, headers: async });
    assert.equal(unknown.status, 404);
    assert.deepEqual(await user.json('GET', '/v1/jobs?limit=100'), before);
  });

  it('makes one job of 200 identical submissions at once, and tells all but one that it was there', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => submit({ 'idempotency-key': 'the-200' })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as JobBody).id));
    assert.equal(new Set(ids).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true').length, 199);
    const listed = await user.json<{ data: JobBody[] }>('GET', '/v1/jobs?idempotency_key=the-200');
    assert.deepEqual(
      listed.data.map(({ id }) => id),
      [ids[0]],
    );
  });

  it('refuses the key of another request', async () => {
    assert.equal((await submit({ 'idempotency-key': 'twice' }, 'one')).status, 202);
    const second = await submit({ 'idempotency-key': 'twice' }, 'two');
    assert.equal(second.status, 422);
    assert.equal(((await second.json()) as { error: { code: string } }).error.code, 'idempotency_key_reused');
  });

  it('streams every event once, in order, from any position', async () => {
    const { id } = (await (await submit()).json()) as JobBody;
    const job = await ended(id);
    const read = async (after: number) => {
      const response = await user.request('GET', `/v1/jobs/${id}/events?starting_after=${after}`);
      return response.status === 204 ? '' : await response.text();
    };
    const whole = await read(0);
    const frames = whole.split('\n\n').filter((frame) => frame.startsWith('id:'));
    assert.deepEqual(
      frames.map((frame) => /^id: ?(\d+)\nevent: ?(\S+)/.exec(frame)?.slice(1)),
      [
        ['1', 'job.queued'],
        ['2', 'job.started'],
        ['3', 'job.completed'],
      ],
    );
    for (let position = 1; position <= job.last_sequence_number; position += 1) {
      const rest = (await read(position)).split('\n\n').filter((frame) => frame.startsWith('id:'));
      assert.deepEqual(rest, frames.slice(position));
    }
  });

  it('tells a live reader of the end without being asked again', async () => {
    const { id } = (await (await submit()).json()) as JobBody;
    const text = await (await user.request('GET', `/v1/jobs/${id}/events`)).text();
    assert.match(text, /event: ?job\.completed/);
  });

  it("answers 404 for somebody else's job on every route", async () => {
    const { id } = (await (await submit()).json()) as JobBody;
    await ended(id);
    const other = await app.signUp();
    for (const [method, path] of [
      ['GET', `/v1/jobs/${id}`],
      ['GET', `/v1/jobs/${id}/events`],
      ['GET', `/v1/jobs/${id}/result`],
      ['POST', `/v1/jobs/${id}/cancel`],
      ['POST', `/v1/jobs/${id}/retry`],
      ['DELETE', `/v1/jobs/${id}`],
    ] as const) {
      assert.equal((await other.request(method, path)).status, 404, `${method} ${path}`);
    }
  });

  it('makes a new job of a retry, which knows the old one', async () => {
    const { id } = (await (await submit()).json()) as JobBody;
    await ended(id);
    const response = await user.request('POST', `/v1/jobs/${id}/retry`);
    assert.equal(response.status, 202);
    const retried = (await response.json()) as JobBody & { retried_from: string };
    assert.equal(retried.retried_from, id);
    assert.equal((await ended(retried.id)).status, 'completed');
  });

  it('keeps a body and a result that are too large to stand in the job', async () => {
    const input = Array.from({ length: 120 }, (_, index) => `${'a long text '.repeat(20)}${index}`);
    const { id } = (await (await submit({}, input)).json()) as JobBody;
    const job = (await ended(id)) as JobBody & { result_bytes: number };
    assert.equal(job.result, null);
    const response = await user.request('GET', `/v1/jobs/${id}/result`);
    const text = await response.text();
    assert.equal(Buffer.byteLength(text), job.result_bytes);
    assert.equal((JSON.parse(text) as { data: unknown[] }).data.length, input.length);
    const range = await user.request('GET', `/v1/jobs/${id}/result`, { headers: { range: 'bytes=10-19' } });
    assert.equal(range.status, 206);
    assert.equal(await range.text(), text.slice(10, 20));
  });

  it('forgets a deleted job', async () => {
    const { id } = (await (await submit()).json()) as JobBody;
    await ended(id);
    assert.equal((await user.request('DELETE', `/v1/jobs/${id}`)).status, 204);
    assert.equal((await user.request('GET', `/v1/jobs/${id}`)).status, 404);
  });
});
