import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { jobs } from '../../../src/protocols/jobs/index.ts';
import { asUser, jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';
import { buildJob, type PresentedJob } from '../../helpers/jobs.ts';

const { id } = buildJob();

test('cancel answers the job as it is then', async (t) => {
  const { url } = await startTestApi(t, {
    dialects: [jobs],
    verbs: { cancelJob: async (input) => buildJob({ id: input.id, status: 'cancelling' }) },
  });
  const response = await fetch(`${url}/v1/jobs/${id}/cancel`, { method: 'POST', headers: asUser });
  assert.deepEqual([response.status, (await jsonOf<PresentedJob>(response)).status], [200, 'cancelling']);
});

test('cancel takes the empty object that clients send', async (t) => {
  const { url } = await startTestApi(t, { dialects: [jobs], verbs: { cancelJob: async () => buildJob() } });
  const headers = { ...asUser, 'content-type': 'application/json' };
  assert.equal((await fetch(`${url}/v1/jobs/${id}/cancel`, { method: 'POST', headers, body: '{}' })).status, 200);
});

test('cancel refuses a body that it would have to drop', async (t) => {
  const { url } = await startTestApi(t, { dialects: [jobs] });
  const headers = { ...asUser, 'content-type': 'application/json' };
  const body = '{"reason":"late"}';
  const response = await fetch(`${url}/v1/jobs/${id}/cancel`, { method: 'POST', headers, body });
  assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.code], [400, 'invalid_request']);
});

test('retry answers 202 with the new job', async (t) => {
  const again = buildJob({ id: `${id.slice(0, -1)}9`, retriedFrom: id });
  const { url } = await startTestApi(t, { dialects: [jobs], verbs: { retryJob: async () => again } });
  const response = await fetch(`${url}/v1/jobs/${id}/retry`, { method: 'POST', headers: asUser });
  assert.equal(response.status, 202);
  assert.equal(response.headers.get('location'), `/v1/jobs/${again.id}`);
  assert.equal((await jsonOf<PresentedJob>(response)).retried_from, id);
});

test('delete answers 204 without a body', async (t) => {
  const { url } = await startTestApi(t, { dialects: [jobs], verbs: { deleteJob: async () => undefined } });
  const response = await fetch(`${url}/v1/jobs/${id}`, { method: 'DELETE', headers: asUser });
  assert.deepEqual([response.status, await response.text()], [204, '']);
});

test('a job that is still running cannot be deleted', async (t) => {
  const { url } = await startTestApi(t, {
    dialects: [jobs],
    verbs: {
      deleteJob: async () => {
        throw new GatewayError('job_not_terminal', 'Job has not ended; cancel it first.');
      },
    },
  });
  const response = await fetch(`${url}/v1/jobs/${id}`, { method: 'DELETE', headers: asUser });
  assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.code], [409, 'job_not_terminal']);
});
