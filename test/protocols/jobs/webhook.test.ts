import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobWebhook } from '../../../src/protocols/jobs/webhook.ts';

const url = 'https://example.com/hook';

for (const pattern of ['*', 'job.*', 'job.progress', 'response.*', 'batch.completed']) {
  test(`the URL of a job may be told of ${pattern}`, () => {
    assert.deepEqual(jobWebhook.parse({ url, events: [pattern] }), { url, events: [pattern], payload: 'thin' });
  });
}

for (const pattern of ['endpoint.*', 'endpoint.disabled', 'endpoint.test', 'job', 'file.*']) {
  test(`the URL of a job cannot be told of ${pattern}`, () => {
    const { success, error } = jobWebhook.safeParse({ url, events: [pattern] });
    assert.equal(success, false);
    assert.match(JSON.stringify(error?.issues), /Expected one of \*, job\.\*, response\.\*, batch\.\*,/);
  });
}

test('the URL alone is told of the end', () => {
  const events = ['job.completed', 'job.failed', 'job.cancelled', 'job.expired', 'response.*', 'batch.*'];
  assert.deepEqual(jobWebhook.parse(url), { url, events, payload: 'thin' });
});
