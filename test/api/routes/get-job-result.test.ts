import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ByteRange } from '../../../src/core/blob.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { Job } from '../../../src/core/job.ts';
import { asUser, type EchoError, jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';
import { buildJob, completedJob } from '../../helpers/jobs.ts';

const content = Buffer.from('0123456789'.repeat(10_000));
const sha256 = 'ab'.repeat(32);
const bodyBlob = { id: 'b1', bytes: content.length, sha256, mediaType: 'application/json', name: null };
const stored = completedJob({
  result: { statusCode: 201, headers: { 'content-type': 'audio/wav' }, body: null, bodyBlob },
});

async function startResult(context: TestContext, job: Job) {
  const ranges: (ByteRange | null)[] = [];
  const api = await startTestApi(context, {
    dialects: [echo],
    verbs: {
      getJob: async () => job,
      readBlob: async function* ({ id, range }) {
        ranges.push(range);
        if (id !== 'b1') throw new GatewayError('not_found', 'File not found.');
        const { from, to } = range ?? { from: 0, to: content.length - 1 };
        for (let at = from; at <= to; at += 7_000) yield content.subarray(at, Math.min(at + 7_000, to + 1));
      },
    },
  });
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${api.url}/v1/jobs/${job.id}/result`, { method, headers: { ...asUser, ...headers } });
  return { get, ranges };
}

test('a small result is answered with its own status and type', async (t) => {
  const { get } = await startResult(t, completedJob());
  const response = await get();
  assert.deepEqual([response.status, await response.json()], [200, { ok: true }]);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('x-job-id'), completedJob().id);
});

test('a large result is streamed with its own status, type and length', async (t) => {
  const { get } = await startResult(t, stored);
  const response = await get();
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('content-type'), 'audio/wav');
  assert.equal(response.headers.get('content-length'), String(content.length));
  assert.equal(response.headers.get('etag'), `"${sha256}"`);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), content);
});

test('HEAD tells the length of a large result without its bytes', async (t) => {
  const { get } = await startResult(t, stored);
  const response = await get({}, 'HEAD');
  assert.equal(response.headers.get('content-length'), String(content.length));
  assert.equal(await response.text(), '');
});

const satisfiable: [header: string, from: number, to: number][] = [
  ['bytes=0-0', 0, 0],
  ['bytes=5-9', 5, 9],
  ['bytes=99990-', 99_990, 99_999],
  ['bytes=-10', 99_990, 99_999],
  ['bytes=99990-200000', 99_990, 99_999],
  ['bytes=-200000', 0, 99_999],
];

for (const [header, from, to] of satisfiable) {
  test(`Range: ${header} is answered with bytes ${from} to ${to}`, async (t) => {
    const { get } = await startResult(t, stored);
    const response = await get({ range: header });
    assert.equal(response.status, 206);
    assert.equal(response.headers.get('content-range'), `bytes ${from}-${to}/100000`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), content.subarray(from, to + 1));
  });
}

for (const header of ['bytes=100000-', 'bytes=-0']) {
  test(`Range: ${header} cannot be satisfied`, async (t) => {
    const { get } = await startResult(t, stored);
    const response = await get({ range: header });
    assert.deepEqual([response.status, response.headers.get('content-range')], [416, 'bytes */100000']);
  });
}

for (const header of ['bytes=0-1,5-6', 'items=0-5', 'bytes=9-5', 'bytes=-', 'bytes=a-b']) {
  test(`Range: ${header} is ignored`, async (t) => {
    const { get, ranges } = await startResult(t, stored);
    assert.equal((await get({ range: header })).status, 201);
    assert.deepEqual(ranges, [null]);
  });
}

test('a range of another version is answered as a whole', async (t) => {
  const { get } = await startResult(t, stored);
  assert.equal((await get({ range: 'bytes=5-9', 'if-range': '"cd"' })).status, 201);
  assert.equal((await get({ range: 'bytes=5-9', 'if-range': `"${sha256}"` })).status, 206);
});

test('a result that the caller has is answered 304', async (t) => {
  const { get, ranges } = await startResult(t, stored);
  assert.equal((await get({ 'if-none-match': `"${sha256}"` })).status, 304);
  assert.deepEqual(ranges, []);
});

test('a small result that the caller has is answered 304, another one is not', async (t) => {
  const { get } = await startResult(t, completedJob());
  const tag = (await get()).headers.get('etag') ?? '';
  assert.match(tag, /^"[0-9a-f]{64}"$/);
  const known = await get({ 'if-none-match': tag });
  assert.deepEqual([known.status, await known.text(), known.headers.get('etag')], [304, '', tag]);
  const body = { statusCode: 200, headers: {}, body: { ok: false }, bodyBlob: null };
  const other = await startResult(t, completedJob({ result: body }));
  assert.equal((await other.get({ 'if-none-match': tag })).status, 200);
});

test('a result whose file is gone is an error, not an empty answer', async (t) => {
  const lost = completedJob({
    result: { statusCode: 200, headers: {}, body: null, bodyBlob: { ...bodyBlob, id: 'lost' } },
  });
  const { get } = await startResult(t, lost);
  const response = await get();
  assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.code], [404, 'not_found']);
});

const error = { code: 'model_not_found', message: 'Model not found.', param: 'model', retryable: false } as const;
const without: [name: string, job: Job, status: number, code: string][] = [
  ['is queued', buildJob(), 409, 'job_not_terminal'],
  ['is running', buildJob({ status: 'in_progress' }), 409, 'job_not_terminal'],
  ['is being cancelled', buildJob({ status: 'cancelling' }), 409, 'job_not_terminal'],
  ['failed', buildJob({ status: 'failed', error }), 404, 'model_not_found'],
  ['was cancelled', buildJob({ status: 'cancelled' }), 409, 'job_cancelled'],
  ['missed its deadline', buildJob({ status: 'expired' }), 504, 'deadline_exceeded'],
  ['has lost its result to time', completedJob({ resultDeleted: true }), 410, 'job_expired'],
];

for (const [name, job, status, code] of without) {
  test(`the result of a job that ${name} is ${status} ${code}`, async (t) => {
    const { get } = await startResult(t, job);
    const response = await get();
    assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.code], [status, code]);
  });
}

test('the error of a failed job is rendered by the dialect that the call came in', async (t) => {
  const { get } = await startResult(t, buildJob({ status: 'failed', error, endpoint: '/echo/embeddings' }));
  const response = await get();
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [404, 'model_not_found']);
});

test('a result whose reading breaks half-way is cut off, not passed off as whole', async (t) => {
  const { url, lines } = await startTestApi(t, {
    verbs: {
      getJob: async () => stored,
      readBlob: async function* () {
        yield content.subarray(0, 50_000);
        throw new TypeError('the store went away');
      },
    },
  });
  const response = await fetch(`${url}/v1/jobs/${stored.id}/result`, { headers: asUser });
  await assert.rejects(response.arrayBuffer());
  await t.waitFor(() => assert.ok(lines.some(({ message }) => message === 'unexpected error')));
});

test('a caller who leaves half-way ends the reading, and that is no fault of ours', async (t) => {
  const ended = Promise.withResolvers<void>();
  const { url, lines } = await startTestApi(t, {
    verbs: {
      getJob: async () => stored,
      readBlob: async function* () {
        try {
          for (;;) yield content;
        } finally {
          ended.resolve();
        }
      },
    },
  });
  const response = await fetch(`${url}/v1/jobs/${stored.id}/result`, { headers: asUser });
  await response.body?.cancel();
  await ended.promise;
  await t.waitFor(() => assert.ok(lines.length > 0));
  assert.ok(lines.every(({ message }) => message !== 'unexpected error'));
});
