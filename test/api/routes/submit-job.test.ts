import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JobSubmission } from '../../../src/core/job.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { endOfJob } from '../../../src/core/webhooks/filter.ts';
import { asUser, jsonOf, type NativeError, startTestApi, type TestApiOptions } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';
import { buildJob, type PresentedJob } from '../../helpers/jobs.ts';

const storeBlob: Verbs['storeBlob'] = async ({ content, mediaType, name }) => {
  for await (const _part of content);
  return { id: 'b', bytes: 1, sha256: '00', mediaType, name };
};

async function startSubmitting(context: TestContext, http: TestApiOptions['http'] = {}) {
  const submissions: JobSubmission[] = [];
  const { url } = await startTestApi(context, {
    dialects: [echo],
    http,
    verbs: {
      storeBlob,
      submitJob: async (submission) => {
        submissions.push(submission);
        return { job: buildJob(), isReplayed: submissions.length > 1 };
      },
    },
  });
  const submit = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/jobs`, {
      method: 'POST',
      headers: { ...asUser, ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
  const refusal = async (body: unknown) => {
    const response = await submit(body);
    const { error, errors } = await jsonOf<NativeError>(response);
    assert.deepEqual(submissions, []);
    return { status: response.status, ...error, errors };
  };
  return { submit, refusal, submissions };
}

const call = { endpoint: '/echo/embeddings', body: { model: 'm', input: 'a' } };

test('a call is accepted as the job it would be through its own door', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const response = await submit(call);
  assert.equal(response.status, 202);
  assert.equal(response.headers.get('location'), `/v1/jobs/${buildJob().id}`);
  assert.equal(response.headers.get('x-job-id'), buildJob().id);
  assert.equal((await jsonOf<PresentedJob>(response)).object, 'job');
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
      idempotencyKey: null,
      deadlineAt: null,
      webhook: null,
      retriedFrom: null,
    },
  ]);
});

test('a slash behind the path is no part of what the job is of', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  assert.equal((await submit({ ...call, endpoint: '/echo/embeddings/' })).status, 202);
  assert.equal(submissions[0]?.endpoint, '/echo/embeddings');
});

test('labels, deadline and idempotency key go with the job', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const deadline = Math.floor(Date.now() / 1_000) + 60;
  await submit({ ...call, metadata: { team: 'a' }, deadline_at: deadline }, { 'idempotency-key': '"k"' });
  const [{ metadata, deadlineAt, idempotencyKey } = {} as JobSubmission] = submissions;
  assert.deepEqual([metadata, deadlineAt, idempotencyKey], [{ team: 'a' }, deadline * 1_000, 'k']);
});

test('the faults of the wrapped call are reported where they stand', async (t) => {
  const { refusal } = await startSubmitting(t);
  const { status, param, errors } = await refusal({ ...call, body: { model: '', input: ['a', ''], extra: 1 } });
  assert.deepEqual([status, param], [400, 'body.model']);
  assert.deepEqual(
    errors.map((fault) => fault.param),
    ['body.model', 'body.input[1]', 'body.extra'],
  );
});

test('a call without its body is told so', async (t) => {
  const { refusal } = await startSubmitting(t);
  const { param, message } = await refusal({ endpoint: call.endpoint });
  assert.deepEqual([param, message], ['body', 'body: Required: expected a value.']);
});

for (const endpoint of ['/echo/collections/1', '/v1/jobs', '/nowhere', '/echo/embeddings?a=1']) {
  test(`${endpoint} has no job form, and those that have are named`, async (t) => {
    const { refusal } = await startSubmitting(t);
    const { code, param, message } = await refusal({ ...call, endpoint });
    assert.deepEqual([code, param], ['invalid_request', 'endpoint']);
    assert.match(message, /Endpoints that can: \/echo\/chat, \/echo\/documents, \/echo\/embeddings\./);
  });
}

const wrong: [name: string, body: object, param: string][] = [
  ['an unknown field', { ...call, priority: 1 }, 'priority'],
  ['a webhook without an address', { ...call, webhook: { events: ['job.completed'] } }, 'webhook.url'],
  [
    'a webhook for an event that is none',
    { ...call, webhook: { url: 'https://x.test', events: ['end'] } },
    'webhook.events[0]',
  ],
  ['a deadline in the past', { ...call, deadline_at: 1_600_000_000 }, 'deadline_at'],
  ['an endpoint that is no path', { ...call, endpoint: 'embeddings' }, 'endpoint'],
  ['a label that is no text', { ...call, metadata: { a: 1 } }, 'metadata.a'],
  ['a label of 513 characters', { ...call, metadata: { a: 'x'.repeat(513) } }, 'metadata.a'],
  [
    'a label with a name of 65 characters',
    { ...call, metadata: { ['x'.repeat(65)]: '' } },
    `metadata.${'x'.repeat(65)}`,
  ],
  ['seventeen labels', { ...call, metadata: labels(17) }, 'metadata'],
];

for (const [name, body, param] of wrong) {
  test(`${name} is refused by name`, async (t) => {
    const { refusal } = await startSubmitting(t);
    const { status, param: named } = await refusal(body);
    assert.deepEqual([status, named], [400, param]);
  });
}

test('a webhook is its address, or the address with what is sent there', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const url = 'https://example.com/hook';
  await submit({ ...call, webhook: url });
  await submit({ ...call, webhook: { url, events: ['*'], payload: 'full' } });
  await submit(call);
  assert.deepEqual(
    submissions.map(({ webhook }) => webhook),
    [{ url, events: [...endOfJob], payload: 'thin' }, { url, events: ['*'], payload: 'full' }, null],
  );
});

test('a webhook in the head stands for its address in the body', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const url = 'https://example.com/hook';
  await submit(call, { 'webhook-url': url });
  await submit({ ...call, webhook: url });
  assert.deepEqual(submissions[0]?.webhook, submissions[1]?.webhook);
});

test('a webhook in the head and another in the body are refused', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const response = await submit(
    { ...call, webhook: 'https://example.com/a' },
    { 'webhook-url': 'https://example.com/b' },
  );
  const { error } = await jsonOf<NativeError>(response);
  assert.deepEqual([response.status, error.param, submissions], [400, 'webhook', []]);
});

test('labels at their limits are accepted', async (t) => {
  const { submit } = await startSubmitting(t);
  const metadata = { ...labels(15), ['k'.repeat(64)]: 'v'.repeat(512) };
  assert.equal((await submit({ ...call, metadata })).status, 202);
});

function labels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label${index}`, 'x']));
}

function form(fields: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, 'a.txt');
  }
  return data;
}

test('a call with a file is submitted as a form', async (t) => {
  const { submit, submissions } = await startSubmitting(t);
  const response = await submit(
    form({
      endpoint: '/echo/documents',
      body: '{"collection":4,"separators":["a","b"]}',
      metadata: '{"team":"a"}',
      file: new Blob(['x']),
    }),
  );
  assert.equal(response.status, 202);
  const [submission] = submissions;
  assert.deepEqual(submission?.request.body, { collection: 4, separators: ['a', 'b'] });
  assert.equal(submission?.request.files['file']?.name, 'a.txt');
  assert.deepEqual(submission?.metadata, { team: 'a' });
});

test('a file that the wrapped call does not take is refused by name', async (t) => {
  const { refusal } = await startSubmitting(t);
  const { param } = await refusal(
    form({ endpoint: call.endpoint, body: JSON.stringify(call.body), file: new Blob(['x']) }),
  );
  assert.equal(param, 'file');
});

test('a request that is always answered at once is refused as a job', async (t) => {
  const { refusal } = await startSubmitting(t);
  const { code, param } = await refusal({ endpoint: '/echo/documents', body: { collection: 4 } });
  assert.deepEqual([code, param], ['unsupported_operation', 'body']);
});

test('a field of a form that is not JSON is refused by name and place', async (t) => {
  const { refusal } = await startSubmitting(t);
  const { code, param, message } = await refusal(form({ endpoint: call.endpoint, body: '{"a":' }));
  assert.deepEqual([code, param], ['malformed_body', 'body']);
  assert.match(message, /The field 'body' is not valid JSON at line 1, column 6/);
});

test('a body is held to the limit of inference, not to that of other calls', async (t) => {
  const { submit } = await startSubmitting(t, { maxBodyBytes: 100, maxInferenceBodyBytes: 1_000 });
  const input = (length: number) => ({ ...call, body: { model: 'm', input: 'x'.repeat(length) } });
  assert.equal((await submit(input(500))).status, 202);
  assert.equal((await submit(input(1_000))).status, 413);
});
