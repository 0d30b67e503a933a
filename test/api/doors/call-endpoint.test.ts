import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import type { Job, JobSubmission } from '../../../src/core/job.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { asUser, type EchoError, jsonOf, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';
import { buildJob, completedJob, type PresentedJob } from '../../helpers/jobs.ts';
import { nothingUsed } from '../../helpers/models.ts';

const embed: Verbs['embed'] = async ({ model, texts }) => ({
  id: 'e',
  model,
  ...nothingUsed,
  vectors: texts.map(() => new Float32Array(1)),
});

/** Submissions become jobs at once; whoever waits for one gets `ended`, or is told when it waits. */
async function startJobs(context: TestContext, ended: Partial<Job> | null, verbs: Partial<Verbs> = {}) {
  const submissions: JobSubmission[] = [];
  const waits: number[] = [];
  const queued = buildJob({ endpoint: '/echo/embeddings' });
  const api = await startTestApi(context, {
    dialects: [echo],
    documents: { waitMs: 1_234 },
    verbs: {
      embed,
      submitJob: async (submission) => {
        submissions.push(submission);
        return { job: queued, isReplayed: submissions.length > 1 };
      },
      waitForJob: async ({ timeoutMs, until }) => {
        assert.equal(until, 'terminal');
        waits.push(timeoutMs);
        return ended === null ? queued : completedJob({ endpoint: '/echo/embeddings', ...ended });
      },
      ...verbs,
    },
  });
  const post = (headers: Record<string, string> = {}, body: unknown = { model: 'm', input: ['a', 'b'] }) =>
    fetch(`${api.url}/echo/embeddings`, {
      method: 'POST',
      headers: { ...asUser, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { ...api, submissions, waits, queued, post };
}

test('a call that is answered inline and at once wants its answer whole', async (t) => {
  const asked: (boolean | undefined)[] = [];
  const verbs: Partial<Verbs> = {
    embed: (input, call) => {
      asked.push(call.wantsWhole);
      return embed(input, call);
    },
  };
  const { post } = await startJobs(t, null, verbs);
  await (await post()).text();
  assert.deepEqual(asked, [true]);
});

test('a call without a preference is answered inline', async (t) => {
  const { post, submissions } = await startJobs(t, null);
  const response = await post();
  assert.deepEqual([response.status, await response.json()], [200, { count: 2 }]);
  assert.equal(submissions.length, 0);
});

test('a job is of the declared path, also where its caller wrote a slash behind it', async (t) => {
  const { url, submissions } = await startJobs(t, null);
  for (const path of ['/echo/embeddings', '/echo/embeddings/']) {
    await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...asUser, 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ model: 'm', input: 'a' }),
    });
  }
  assert.deepEqual(
    submissions.map(({ endpoint }) => endpoint),
    ['/echo/embeddings', '/echo/embeddings'],
  );
});

test('respond-async answers 202 with the job and where to follow it', async (t) => {
  const { post, queued, waits } = await startJobs(t, null);
  const response = await post({ prefer: 'respond-async' });
  assert.equal(response.status, 202);
  assert.equal(response.headers.get('location'), `/v1/jobs/${queued.id}`);
  assert.equal(response.headers.get('retry-after'), '1');
  assert.equal(response.headers.get('preference-applied'), 'respond-async');
  assert.equal(response.headers.get('x-job-id'), queued.id);
  const { id, object, status } = await jsonOf<PresentedJob>(response);
  assert.deepEqual({ id, object, status }, { id: queued.id, object: 'job', status: 'queued' });
  assert.deepEqual(waits, []);
});

test('what is submitted is the request as it came, and the checked input', async (t) => {
  const { post, submissions } = await startJobs(t, null);
  await post({ prefer: 'respond-async', 'idempotency-key': 'k1' }, { model: 'm', input: 'a' });
  assert.deepEqual(submissions, [
    {
      kind: 'call',
      request: {
        operation: 'POST /echo/embeddings',
        params: {},
        query: {},
        body: { model: 'm', input: 'a' },
        bodyBlob: null,
        files: {},
      },
      input: { model: 'm', texts: ['a'], dimensions: null },
      endpoint: '/echo/embeddings',
      model: 'm',
      metadata: {},
      idempotencyKey: 'k1',
      deadlineAt: null,
      webhook: null,
      retriedFrom: null,
    },
  ]);
});

test('a submission that comes again is told so', async (t) => {
  const { post } = await startJobs(t, null);
  const headers = { prefer: 'respond-async', 'idempotency-key': 'once' };
  assert.equal((await post(headers)).headers.get('idempotent-replayed'), null);
  assert.equal((await post(headers)).headers.get('idempotent-replayed'), 'true');
});

test('an idempotency key of a call that is answered at once is named as ignored', async (t) => {
  const { post } = await startJobs(t, null);
  const { status, headers } = await post({ 'idempotency-key': 'once' });
  assert.deepEqual([status, headers.get('x-gateway-ignored')], [200, 'Idempotency-Key']);
  assert.equal((await post()).headers.get('x-gateway-ignored'), null);
  const asJob = await post({ 'idempotency-key': 'once', prefer: 'respond-async' });
  assert.deepEqual([asJob.status, asJob.headers.get('x-gateway-ignored')], [202, null]);
});

test('an idempotency key is named beside the fields that the upstream ignores', async (t) => {
  const { post } = await startJobs(t, null, {
    embed: async (input, call) => {
      call.served({ provider: 'a', attempts: 1, upstreamRequestId: null, ignored: ['user'] });
      return embed(input, call);
    },
  });
  const { headers } = await post({ 'idempotency-key': 'once' });
  assert.equal(headers.get('x-gateway-ignored'), 'Idempotency-Key, user');
});

test('a bad request is an ordinary refusal, and no job is made', async (t) => {
  const { post, submissions } = await startJobs(t, null);
  const response = await post({ prefer: 'respond-async' }, { model: 'm' });
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [400, 'invalid_request']);
  assert.equal(submissions.length, 0);
});

test('with wait, a call that is done in time is answered natively', async (t) => {
  const { post, queued, waits } = await startJobs(t, {});
  const response = await post({ prefer: 'respond-async, wait=10' });
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  assert.equal(response.headers.get('preference-applied'), 'wait=10');
  assert.equal(response.headers.get('x-job-id'), queued.id);
  assert.deepEqual(waits, [10_000]);
});

test('with wait, a call that is not done in time is answered 202', async (t) => {
  const { post, waits } = await startJobs(t, null);
  const response = await post({ prefer: 'respond-async, wait=90' });
  assert.equal(response.status, 202);
  assert.equal(response.headers.get('preference-applied'), 'respond-async, wait=60');
  assert.deepEqual(waits, [60_000]);
});

const endings: [name: string, job: Partial<Job>, status: number, code: string][] = [
  [
    'failed',
    { status: 'failed', error: { code: 'upstream_timeout', message: 'Too slow.', param: null, retryable: true } },
    504,
    'upstream_timeout',
  ],
  ['was cancelled', { status: 'cancelled' }, 409, 'job_cancelled'],
  ['missed its deadline', { status: 'expired' }, 504, 'deadline_exceeded'],
  ['completed so long ago that its result is gone', { resultDeleted: true }, 410, 'job_expired'],
];

for (const [name, job, status, code] of endings) {
  test(`a wait for a job that ${name} ends in ${code}, in the shape of the endpoint`, async (t) => {
    const { post } = await startJobs(t, job);
    const response = await post({ prefer: 'respond-async, wait=10' });
    assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [status, code]);
  });
}

test('status and headers of the stored answer are those of the answer', async (t) => {
  const headers = { 'content-type': 'application/vnd.echo+json', 'x-usage': '5' };
  const { post } = await startJobs(t, { result: { statusCode: 203, headers, body: [1], bodyBlob: null } });
  const response = await post({ prefer: 'respond-async, wait=10' });
  assert.equal(response.status, 203);
  assert.equal(response.headers.get('content-type'), 'application/vnd.echo+json');
  assert.equal(response.headers.get('x-usage'), '5');
  assert.deepEqual(await response.json(), [1]);
});

test('respond-async is ignored where there is no job form', async (t) => {
  const { url } = await startJobs(t, null, { getCollection: async ({ id }) => ({ id }) as never });
  const response = await fetch(`${url}/echo/collections/1`, { headers: { ...asUser, prefer: 'respond-async' } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('preference-applied'), null);
});

async function upload(url: string, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.append('collection', '4');
  form.append('file', new Blob(['x']), 'a.txt');
  return fetch(`${url}/echo/documents`, { method: 'POST', headers: { ...asUser, ...headers }, body: form });
}

const storeBlob: Verbs['storeBlob'] = async ({ content, mediaType, name }) => {
  for await (const _part of content);
  return { id: 'b', bytes: 1, sha256: '00', mediaType, name };
};

test('an endpoint that is always a job waits the configured time and answers natively', async (t) => {
  const { url, waits } = await startJobs(t, {}, { storeBlob });
  const response = await upload(url);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('preference-applied'), null);
  assert.deepEqual(waits, [1_234]);
});

test('an endpoint that is always a job answers 202 when the time is up', async (t) => {
  const { url } = await startJobs(t, null, { storeBlob });
  const response = await upload(url);
  assert.deepEqual([response.status, response.headers.get('preference-applied')], [202, null]);
});

test('an endpoint that is always a job answers 202 at once when asked to', async (t) => {
  const { url, waits } = await startJobs(t, null, { storeBlob });
  assert.equal((await upload(url, { prefer: 'respond-async' })).status, 202);
  assert.deepEqual(waits, []);
});

test('a caller of such an endpoint can choose how long to wait', async (t) => {
  const { url, waits } = await startJobs(t, null, { storeBlob });
  await upload(url, { prefer: 'wait=3' });
  assert.deepEqual(waits, [3_000]);
});

test('a request that the job form does not apply to is answered inline whatever the caller prefers', async (t) => {
  const { url, submissions } = await startJobs(t, null, { createDocument: async () => ({ id: 9 }) });
  const response = await fetch(`${url}/echo/documents`, {
    method: 'POST',
    headers: { ...asUser, 'content-type': 'application/json', prefer: 'respond-async' },
    body: '{"collection":1}',
  });
  assert.deepEqual([response.status, await response.json()], [201, { id: 9 }]);
  assert.equal(submissions.length, 0);
});

test('an answer without content has no body', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo], verbs: { deleteCollection: async () => undefined } });
  const response = await fetch(`${url}/echo/collections/1`, { method: 'DELETE', headers: asUser });
  assert.deepEqual([response.status, await response.text()], [204, '']);
});

const keys: [header: string, key: string][] = [
  ['k', 'k'],
  ['"k"', 'k'],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['x'.repeat(255), 'x'.repeat(255)],
];

for (const [header, key] of keys) {
  test(`Idempotency-Key ${header.slice(0, 12)} (${header.length}) is the key ${key.slice(0, 12)}`, async (t) => {
    const { post, submissions } = await startJobs(t, null);
    assert.equal((await post({ prefer: 'respond-async', 'idempotency-key': header })).status, 202);
    assert.equal(submissions[0]?.idempotencyKey, key);
  });
}

for (const header of ['', '""', 'x'.repeat(256), '"open', 'caf\u00e9', '"a\\b"']) {
  test(`Idempotency-Key ${JSON.stringify(header.slice(0, 8))} (${header.length}) is refused by name`, async (t) => {
    const { post, submissions } = await startJobs(t, null);
    const response = await post({ prefer: 'respond-async', 'idempotency-key': header });
    assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).param], [400, 'Idempotency-Key']);
    assert.equal(submissions.length, 0);
  });
}

test('a call whose caller goes away is aborted', async (t) => {
  const began = Promise.withResolvers<AbortSignal>();
  const { url } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      getCollection: async (_input, call) => {
        began.resolve(call.signal);
        await once(call.signal, 'abort');
        throw call.signal.reason;
      },
    },
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /echo/collections/1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer good\r\n\r\n');
  const signal = await began.promise;
  const aborted = once(signal, 'abort');
  socket.destroy();
  await aborted;
  assert.ok(signal.reason instanceof GatewayError && signal.reason.code === 'client_closed_request');
});

test('a call that has been answered is not aborted afterwards', async (t) => {
  const signals: AbortSignal[] = [];
  const { url, server } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      getCollection: async ({ id }, call) => {
        signals.push(call.signal);
        return { id } as never;
      },
    },
  });
  await (await fetch(`${url}/echo/collections/1`, { headers: { ...asUser, connection: 'close' } })).text();
  const closed = once(server, 'close');
  server.close();
  await closed;
  assert.deepEqual(
    signals.map((signal) => signal.aborted),
    [false],
  );
});

test('a wait ends with the job as it is when the server begins to stop', async (t) => {
  const waiting = Promise.withResolvers<void>();
  const queued = buildJob();
  const { url, draining } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      submitJob: async () => ({ job: queued, isReplayed: false }),
      getJob: async () => queued,
      waitForJob: async (_input, { signal }) => {
        waiting.resolve();
        await once(signal, 'abort');
        throw signal.reason;
      },
    },
  });
  const response = fetch(`${url}/echo/embeddings`, {
    method: 'POST',
    headers: { ...asUser, 'content-type': 'application/json', prefer: 'respond-async, wait=60' },
    body: '{"model":"m","input":"a"}',
  });
  await waiting.promise;
  draining.abort();
  assert.equal((await response).status, 202);
});
