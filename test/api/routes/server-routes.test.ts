import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthReport } from '../../../src/core/health.ts';
import { asUser, jsonOf, startTestApi, user } from '../../helpers/api.ts';

const checks = [{ name: 'mongodb', ok: true, required: true, durationMs: 2, detail: null }];
const healthy: HealthReport = { status: 'ok', checks };

for (const path of ['/health', '/livez']) {
  test(`${path} answers ok without asking anybody`, async (t) => {
    const { url } = await startTestApi(t);
    const response = await fetch(`${url}${path}`);
    assert.deepEqual([response.status, await response.json()], [200, { status: 'ok' }]);
  });
}

const reports: [status: HealthReport['status'], expected: number][] = [
  ['ok', 200],
  ['degraded', 200],
  ['unavailable', 503],
];

for (const [status, expected] of reports) {
  test(`/readyz answers ${expected} when the engines are ${status}`, async (t) => {
    const { url } = await startTestApi(t, { verbs: { checkHealth: async () => ({ status, checks }) } });
    const response = await fetch(`${url}/readyz`);
    assert.deepEqual([response.status, await response.json()], [expected, { status }]);
  });
}

test('/readyz lists the checks when asked to', async (t) => {
  const { url } = await startTestApi(t, { verbs: { checkHealth: async () => healthy } });
  const { checks: listed } = await jsonOf<{ checks: unknown }>(await fetch(`${url}/readyz?verbose`));
  assert.deepEqual(listed, [{ name: 'mongodb', ok: true, required: true, duration_ms: 2, detail: null }]);
});

test('/readyz answers 503 as soon as the server has begun to stop', async (t) => {
  const { url, leaving } = await startTestApi(t, { verbs: { checkHealth: async () => healthy } });
  leaving.abort();
  const response = await fetch(`${url}/readyz`);
  assert.deepEqual([response.status, await response.json()], [503, { status: 'draining' }]);
  assert.equal(response.headers.get('connection'), 'close');
});

test('/metrics answers to whoever may read it', async (t) => {
  const { url } = await startTestApi(t, {
    verbs: { authenticate: async () => ({ ...user, permissions: ['read_metric'] }) },
  });
  const response = await fetch(`${url}/metrics`, { headers: asUser });
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(await response.text(), /# TYPE http_server_request_duration_seconds histogram/);
});

test('/metrics is refused to other users', async (t) => {
  const { url } = await startTestApi(t);
  assert.equal((await fetch(`${url}/metrics`, { headers: asUser })).status, 403);
});

test('/ leads to the documentation', async (t) => {
  const { url } = await startTestApi(t);
  const response = await fetch(url, { redirect: 'manual' });
  assert.deepEqual([response.status, response.headers.get('location')], [302, '/docs']);
});

test('/docs and all it loads come from this server, under a policy that allows nothing else', async (t) => {
  const { url } = await startTestApi(t);
  const response = await fetch(`${url}/docs`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const html = await response.text();
  const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
  assert.equal(sources.length, 4);
  for (const source of sources) {
    const asset = await fetch(new URL(source, url));
    assert.equal(asset.status, 200, source);
    assert.ok((await asset.arrayBuffer()).byteLength > 100, source);
  }
});

for (const asset of ['package.json', 'swagger-ui.js.map', '..%2Fpackage.json', 'constructor']) {
  test(`/docs/${asset} is not served`, async (t) => {
    const { url } = await startTestApi(t);
    assert.equal((await fetch(`${url}/docs/${asset}`)).status, 404);
  });
}
