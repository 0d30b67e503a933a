import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JobList, JobPage } from '../../../src/core/job.ts';
import { jobs } from '../../../src/protocols/jobs/index.ts';
import { asUser, jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';
import { buildJob, completedJob, type PresentedJob } from '../../helpers/jobs.ts';

const id = (tail: string) => `job_01k0000000000000000000000${tail.padStart(3, '0')}`;

async function startListing(context: TestContext, found: JobList = { jobs: [], hasMore: false }) {
  const pages: JobPage[] = [];
  const { url } = await startTestApi(context, {
    dialects: [jobs],
    verbs: {
      listJobs: async (page) => {
        pages.push(page);
        return found;
      },
    },
  });
  return { pages, list: (query = '') => fetch(`${url}/v1/jobs${query}`, { headers: asUser }) };
}

interface PresentedList {
  data: PresentedJob[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

const noFilter = {
  kind: null,
  statuses: [],
  endpoint: null,
  model: null,
  createdAfter: null,
  createdBefore: null,
  metadata: {},
  idempotencyKey: null,
};

test('without a query the latest twenty are asked for', async (t) => {
  const { list, pages } = await startListing(t);
  assert.deepEqual(await (await list()).json(), {
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
  assert.deepEqual(pages, [{ filter: noFilter, limit: 20, order: 'desc', after: null, before: null }]);
});

test('the first and last id are those of the page', async (t) => {
  const found = [buildJob({ id: id('2') }), buildJob({ id: id('1') })];
  const { list } = await startListing(t, { jobs: found, hasMore: true });
  const { first_id, last_id, has_more, data } = await jsonOf<PresentedList>(await list());
  assert.deepEqual([first_id, last_id, has_more, data.length], [id('2'), id('1'), true, 2]);
});

test('results are left out of a list and can be fetched', async (t) => {
  const { list } = await startListing(t, { jobs: [completedJob()], hasMore: false });
  const [job] = (await jsonOf<PresentedList>(await list())).data;
  assert.deepEqual([job?.result, job?.result_url], [null, `/v1/jobs/${job?.id}/result`]);
});

test('every filter reaches the store in its own words', async (t) => {
  const { list, pages } = await startListing(t);
  const query = new URLSearchParams([
    ['limit', '100'],
    ['order', 'asc'],
    ['after', id('5')],
    ['before', id('9')],
    ['status', 'queued'],
    ['status', 'failed'],
    ['endpoint', '/v1/embeddings'],
    ['model', 'm'],
    ['created_after', '1763700000'],
    ['created_before', '1763700060'],
    ['metadata[team]', 'a'],
    ['metadata[run]', '7'],
    ['idempotency_key', 'k'],
  ]);
  assert.equal((await list(`?${query}`)).status, 200);
  assert.deepEqual(pages, [
    {
      filter: {
        kind: null,
        statuses: ['queued', 'failed'],
        endpoint: '/v1/embeddings',
        model: 'm',
        createdAfter: 1_763_700_000_000,
        createdBefore: 1_763_700_060_000,
        metadata: { team: 'a', run: '7' },
        idempotencyKey: 'k',
      },
      limit: 100,
      order: 'asc',
      after: id('5'),
      before: id('9'),
    },
  ]);
});

test('a single status is a filter as well', async (t) => {
  const { list, pages } = await startListing(t);
  await list('?status=queued');
  assert.deepEqual(pages[0]?.filter.statuses, ['queued']);
});

const refused: [query: string, param: string][] = [
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['order=up', 'order'],
  ['status=done', 'status'],
  ['after=5', 'after'],
  ['offset=3', 'offset'],
  ['metadata=a', 'metadata'],
  ['model[$ne]=x', 'model'],
  ['created_after=yesterday', 'created_after'],
];

for (const [query, param] of refused) {
  test(`?${query} is refused by name`, async (t) => {
    const { list, pages } = await startListing(t);
    const response = await list(`?${query}`);
    assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.param], [400, param]);
    assert.deepEqual(pages, []);
  });
}

for (const limit of [1, 100]) {
  test(`?limit=${limit} is within the bounds`, async (t) => {
    const { list, pages } = await startListing(t);
    await list(`?limit=${limit}`);
    assert.equal(pages[0]?.limit, limit);
  });
}
