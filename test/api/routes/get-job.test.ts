import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { emptyBatch } from '../../../src/core/batch.ts';
import type { Job } from '../../../src/core/job.ts';
import { asUser, jsonOf, type NativeError, startTestApi, user } from '../../helpers/api.ts';
import { buildJob, completedJob, type PresentedJob } from '../../helpers/jobs.ts';

/** A job that becomes `next` when somebody waits for it. */
async function startJob(context: TestContext, job: Job, next: Job = job) {
  const waits: { afterSequence: number; timeoutMs: number; until: string }[] = [];
  const api = await startTestApi(context, {
    verbs: {
      getJob: async () => job,
      waitForJob: async ({ afterSequence, timeoutMs, until }) => {
        waits.push({ afterSequence, timeoutMs, until });
        return next;
      },
    },
  });
  const get = (path = '', headers: Record<string, string> = {}) =>
    fetch(`${api.url}/v1/jobs/${job.id}${path}`, { headers: { ...asUser, ...headers } });
  return { get, waits };
}

test('a job is answered with its sequence number as ETag', async (t) => {
  const { get, waits } = await startJob(t, buildJob({ lastSequence: 4 }));
  const response = await get();
  assert.deepEqual([response.status, response.headers.get('etag')], [200, '"4"']);
  assert.equal((await jsonOf<PresentedJob>(response)).last_sequence_number, 4);
  assert.deepEqual(waits, []);
});

for (const tag of ['"4"', 'W/"4"', '"1", "4"', '*']) {
  test(`If-None-Match ${tag} is answered 304 while the job is at 4`, async (t) => {
    const { get } = await startJob(t, buildJob({ lastSequence: 4 }));
    const response = await get('', { 'if-none-match': tag });
    assert.deepEqual([response.status, await response.text(), response.headers.get('etag')], [304, '', '"4"']);
  });
}

test('an older ETag is answered with the job', async (t) => {
  const { get } = await startJob(t, buildJob({ lastSequence: 4 }));
  assert.equal((await get('', { 'if-none-match': '"3"' })).status, 200);
});

const webhook = { url: 'https://example.com/hook', events: ['job.*'], payload: 'thin' as const };
const batch = emptyBatch({
  ...{ inputFileId: 'file-1', target: '/v1/chat/completions', completionWindow: '24h', linesPerCall: 1 },
  input: { id: 'b1', bytes: 2, sha256: 'ab'.repeat(32), mediaType: 'application/jsonl', name: null },
  reserved: { output: 'file-2', error: 'file-3' },
  filesExpireAfterMs: null,
});
const silent: [name: string, before: Partial<Job>, after: Partial<Job>][] = [
  [
    'the message about its end arrives',
    { webhook: { ...webhook, status: 'pending', attempts: 1 } },
    { webhook: { ...webhook, status: 'delivered', attempts: 1 } },
  ],
  [
    'the message about its end is tried again',
    { webhook: { ...webhook, status: 'pending', attempts: 1 } },
    { webhook: { ...webhook, status: 'pending', attempts: 2 } },
  ],
  [
    'its lines are done',
    { batch: { ...batch, counts: { total: 9, completed: 3, failed: 0 } } },
    { batch: { ...batch, counts: { total: 9, completed: 3, failed: 1 } } },
  ],
  ['it loses its result', {}, { resultDeleted: true }],
];
for (const [name, before, after] of silent) {
  test(`a job has another ETag when ${name}, which is no event`, async (t) => {
    const { get } = await startJob(t, buildJob({ lastSequence: 4, ...before }));
    const tag = (await get()).headers.get('etag') ?? '';
    assert.equal((await get('', { 'if-none-match': tag })).status, 304);
    const changed = await startJob(t, buildJob({ lastSequence: 4, ...after }));
    const known = { 'if-none-match': tag };
    assert.equal((await changed.get('', known)).status, 200);
  });
}

test('with wait, a change that is no event is answered at once to those who know more than a number', async (t) => {
  const counts = { total: 9, completed: 3, failed: 0 };
  const { get, waits } = await startJob(t, buildJob({ lastSequence: 4, batch: { ...batch, counts } }));
  await get('?wait=30', { 'if-none-match': '"4-9-2-0"' });
  assert.deepEqual(waits, []);
  for (const tag of ['"4-9-3-0"', '"4"']) await get('?wait=30', { 'if-none-match': tag });
  assert.deepEqual(
    waits.map(({ afterSequence }) => afterSequence),
    [4, 4],
  );
});

const ages: [ageMs: number, retryAfter: string][] = [
  [0, '1'],
  [19_000, '1'],
  [21_000, '2'],
  [101_000, '10'],
  [3_600_000, '10'],
];

for (const [ageMs, retryAfter] of ages) {
  test(`a job of ${ageMs / 1_000} s should be looked at again in ${retryAfter} s`, async (t) => {
    const { get } = await startJob(t, buildJob({ createdAt: Date.now() - ageMs }));
    assert.equal((await get()).headers.get('retry-after'), retryAfter);
  });
}

test('a job that has ended need not be looked at again', async (t) => {
  const { get } = await startJob(t, completedJob());
  assert.equal((await get()).headers.get('retry-after'), null);
});

test('with wait, the answer is the next change', async (t) => {
  const { get, waits } = await startJob(t, buildJob({ lastSequence: 4 }), buildJob({ lastSequence: 5 }));
  const response = await get('?wait=30');
  assert.equal(response.headers.get('etag'), '"5"');
  assert.deepEqual(waits, [{ afterSequence: 4, timeoutMs: 30_000, until: 'change' }]);
});

test('with wait, a change that the caller has not seen is answered at once', async (t) => {
  const { get, waits } = await startJob(t, buildJob({ lastSequence: 4 }));
  const response = await get('?wait=30', { 'if-none-match': '"3"' });
  assert.deepEqual([response.status, waits.length], [200, 0]);
});

test('with wait, an unchanged job is answered 304 when the time is up', async (t) => {
  const { get, waits } = await startJob(t, buildJob({ lastSequence: 4 }));
  const response = await get('?wait=1', { 'if-none-match': '"4"' });
  assert.deepEqual([response.status, waits.length], [304, 1]);
});

test('Prefer: wait works as the query does, and is said to', async (t) => {
  const { get, waits } = await startJob(t, buildJob());
  const response = await get('', { prefer: 'wait=7' });
  assert.equal(response.headers.get('preference-applied'), 'wait=7');
  assert.equal(waits[0]?.timeoutMs, 7_000);
});

test('nobody waits for a job that has ended', async (t) => {
  const { get, waits } = await startJob(t, completedJob());
  assert.equal((await get('?wait=30')).status, 200);
  assert.deepEqual(waits, []);
});

for (const wait of ['61', '-1', '1.5', 'soon']) {
  test(`wait=${wait} is refused by name`, async (t) => {
    const { get } = await startJob(t, buildJob());
    const response = await get(`?wait=${wait}`);
    assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.param], [400, 'wait']);
  });
}

test('wait=60 is as long as one can wait', async (t) => {
  const { get, waits } = await startJob(t, buildJob());
  await get('?wait=60');
  assert.equal(waits[0]?.timeoutMs, 60_000);
});

const viewers = [
  { who: 'an administrator', permissions: ['admin'] as const, uiUrl: 'http://ui.example:8233', link: true },
  { who: 'any other user', permissions: [] as const, uiUrl: 'http://ui.example:8233', link: false },
  { who: 'an administrator where there is no such UI', permissions: ['admin'] as const, uiUrl: undefined, link: false },
];
for (const { who, permissions, uiUrl, link } of viewers) {
  test(`${who} is ${link ? '' : 'not '}shown the way to the workflow of a job`, async (t) => {
    const job = buildJob();
    const api = await startTestApi(t, {
      verbs: { getJob: async () => job, authenticate: async () => ({ ...user, permissions }) },
      ...(uiUrl !== undefined && { temporalUiUrl: uiUrl }),
    });
    const { links } = await jsonOf<PresentedJob & { links: { workflow?: string } }>(
      await fetch(`${api.url}/v1/jobs/${job.id}`, { headers: asUser }),
    );
    const expected = `http://ui.example:8233/namespaces/default/workflows/job:${job.id}`;
    assert.equal(links.workflow, link ? expected : undefined);
  });
}
