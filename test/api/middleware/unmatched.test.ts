import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asUser, type EchoError, jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';

test('a path of a dialect that leads nowhere is answered in its shape', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo] });
  const response = await fetch(`${url}/echo/nowhere`);
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [404, 'not_found']);
});

test('a path of nobody is answered in our own shape', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo] });
  const response = await fetch(`${url}/nowhere`);
  assert.equal(response.status, 404);
  assert.equal((await jsonOf<NativeError>(response)).error.code, 'not_found');
});

test('paths are case-sensitive', async (t) => {
  const { url } = await startTestApi(t);
  assert.equal((await fetch(`${url}/Health`)).status, 404);
});

test('a method that a path does not have is answered with those it has', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo] });
  const response = await fetch(`${url}/echo/collections/1`, { method: 'PATCH' });
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [405, 'method_not_allowed']);
  assert.equal(response.headers.get('allow'), 'HEAD, GET, DELETE, OPTIONS');
});

test('OPTIONS lists the methods without a credential', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo] });
  const response = await fetch(`${url}/echo/embeddings`, { method: 'OPTIONS' });
  assert.deepEqual([response.status, response.headers.get('allow')], [204, 'POST, OPTIONS']);
});

test('HEAD answers as GET does, without a body', async (t) => {
  const { url } = await startTestApi(t, {
    dialects: [echo],
    verbs: { getCollection: async ({ id }) => ({ id }) as never },
  });
  const response = await fetch(`${url}/echo/collections/1`, { method: 'HEAD', headers: asUser });
  assert.deepEqual(
    [response.status, response.headers.get('content-length')],
    [200, String('{"id":1,"limit":10}'.length)],
  );
  assert.equal(await response.text(), '');
});
