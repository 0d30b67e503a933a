import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import type { PresentedJob } from '../../helpers/jobs.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const model = 'all-minilm-l6-v2';

describe('an operator at the workflow engine', () => {
  let app: TestApp;
  let caller: TestCaller;
  let connection: Connection;
  let client: Client;
  let call: PresentedJob;
  let document: PresentedJob;

  before(async () => {
    app = await startTestApp({ workers: true });
    caller = await app.signUp();
    connection = await Connection.connect({ address: app.deps.config.temporal.address });
    client = new Client({ connection });
    call = await ended(
      await caller.json('POST', '/v1/embeddings', {
        body: { model, input: 'a harbour' },
        headers: { prefer: 'respond-async' },
      }),
    );
    const { id } = await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'operators' } });
    const form = new FormData();
    form.set('collection_id', String(id));
    form.set('file', new Blob(['# A harbour\n\nWith a lighthouse.']), 'harbour.md');
    document = await ended(
      await caller.json('POST', '/v1/documents', { body: form, headers: { prefer: 'respond-async' } }),
    );
  });
  after(async () => {
    await connection?.close();
    await app?.stop();
  });

  async function ended({ id }: PresentedJob): Promise<PresentedJob> {
    for (;;) {
      const job = await caller.json<PresentedJob>('GET', `/v1/jobs/${id}?wait=30`);
      if (job.completed_at !== null || job.failed_at !== null) return job;
    }
  }

  async function found(query: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }

  const mine = () =>
    `SwitchyardOwner = '${caller.userId}' AND TaskQueue = '${app.deps.config.temporal.queuePrefix}-workflows'`;
  const queries: [what: string, query: () => string, which: () => PresentedJob][] = [
    ['its id', () => `WorkflowId = 'job:${call.id}'`, () => call],
    ['owner and operation', () => `${mine()} AND SwitchyardOperation = 'POST /v1/embeddings'`, () => call],
    ['owner and model', () => `${mine()} AND SwitchyardModel = '${model}'`, () => call],
    ['owner and stage', () => `${mine()} AND SwitchyardStage = 'publish'`, () => document],
    [
      'owner, operation and outcome',
      () => `${mine()} AND SwitchyardOperation = 'POST /v1/documents' AND ExecutionStatus = 'Completed'`,
      () => document,
    ],
  ];
  for (const [what, query, which] of queries) {
    it(`finds a job by ${what}`, async () => {
      // What is searched is written behind the workflow's own record.
      await waitFor(`a workflow with ${query()}`, async () => (await found(query())).length > 0);
      assert.deepEqual(await found(query()), [`job:${which().id}`]);
    });
  }

  it('reads in a workflow whose it is and where its job answers', async () => {
    const handle = client.workflow.getHandle(`job:${call.id}`);
    const description = await handle.describe();
    assert.deepEqual(description.memo, { jobId: call.id, ownerId: caller.userId });
    assert.equal(await description.staticSummary(), `POST /v1/embeddings · ${model}`);
    assert.match((await description.staticDetails()) ?? '', new RegExp(`/v1/jobs/${call.id}`));
  });

  it('reads at each step which part of the document it was about', async () => {
    const { events } = await client.workflow.getHandle(`job:${document.id}`).fetchHistory();
    const summaries = (events ?? []).flatMap(({ userMetadata }) => {
      const data = userMetadata?.summary?.data;
      return data ? [JSON.parse(Buffer.from(data).toString()) as string] : [];
    });
    assert.ok(summaries.includes('parts 1'), JSON.stringify(summaries));
    assert.ok(summaries.includes('batches 0'), JSON.stringify(summaries));
  });
});
