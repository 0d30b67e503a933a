import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NamedUsageRecord } from '../../../src/core/billing/usage-record.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const forever = { from: 0, to: Number.MAX_SAFE_INTEGER, offset: 0, limit: 100 };

describe('the records of an ingestion', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ workers: true });
  });
  after(() => app.stop());

  it('are those of its embeddings, under the upload and the key that asked for it', async () => {
    const caller = await app.signUp();
    const { id } = await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'one' } });
    const form = new FormData();
    form.set('collection', String(id));
    form.set('file', new Blob(['Trams have no wings.']), 'trams.txt');
    const response = await caller.request('POST', '/v1/documents', { body: form });
    assert.ok(response.ok);
    let records: readonly NamedUsageRecord[] = [];
    await waitFor('a record of the embedding', async () => {
      ({ records } = await app.deps.usage.list(caller.userId, { ...forever, endpoint: '/v1/documents' }));
      return records.length > 0;
    });
    const [record] = records;
    assert.ok(record && record.usage.promptTokens > 0);
    assert.deepEqual(
      [records.length, record.method, record.status, record.keyName, record.router.name, record.requestId],
      [1, 'POST', 200, 'test', 'all-minilm-l6-v2', response.headers.get('x-request-id')],
    );
  });
});
