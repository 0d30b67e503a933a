import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asUser, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';

test('durations are counted by template, method and status', async (t) => {
  const { url, metrics } = await startTestApi(t, { dialects: [echo] });
  await fetch(`${url}/echo/collections/0`, { headers: asUser });
  await fetch(`${url}/echo/collections/-1`, { headers: asUser });
  const line =
    'http_server_request_duration_seconds_count{http_route="/echo/collections/:id",http_request_method="GET",http_response_status_code="400"} 2';
  await t.waitFor(async () => assert.ok((await metrics.metrics()).includes(line)));
});

test('paths and methods that callers make up do not become labels', async (t) => {
  const { url, metrics } = await startTestApi(t);
  for (let index = 0; index < 20; index += 1) {
    await fetch(`${url}/nowhere/${index}`, { method: index % 2 === 0 ? 'GET' : 'PROPFIND' });
  }
  await t.waitFor(async () => {
    const text = await metrics.metrics();
    const counts = text.split('\n').filter((line) => line.startsWith('http_server_request_duration_seconds_count'));
    assert.equal(counts.length, 2);
    assert.ok(counts.every((line) => line.includes('http_route="unmatched"') && line.endsWith(' 10')));
  });
});

test('requests under way are counted, and no longer when they have ended', async (t) => {
  const release = Promise.withResolvers<void>();
  const { url, metrics } = await startTestApi(t, {
    verbs: {
      checkHealth: async () => {
        await release.promise;
        return { status: 'ok', checks: [] };
      },
    },
  });
  const gauge = (count: number) => `http_server_active_requests{http_request_method="GET"} ${count}`;
  const response = fetch(`${url}/readyz`);
  await t.waitFor(async () => assert.ok((await metrics.metrics()).includes(gauge(1))));
  release.resolve();
  await response;
  await t.waitFor(async () => assert.ok((await metrics.metrics()).includes(gauge(0))));
});
