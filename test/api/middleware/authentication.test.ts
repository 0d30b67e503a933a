import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../../../src/core/access.ts';
import { asUser, type EchoError, jsonOf, startTestApi, user } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';

const verbs = { getCollection: async ({ id }: { id: number }) => ({ id }) as never };

const accepted: [name: string, headers: Record<string, string>][] = [
  ['a bearer token', { authorization: 'Bearer good' }],
  ['a bearer token whose scheme is in lower case', { authorization: 'bearer good' }],
  ['x-api-key', { 'x-api-key': 'good' }],
  ['api-key', { 'api-key': 'good' }],
  ['the same key twice', { authorization: 'Bearer good', 'x-api-key': 'good' }],
];

for (const [name, headers] of accepted) {
  test(`${name} lets a caller in`, async (t) => {
    const { url } = await startTestApi(t, { dialects: [echo], verbs });
    assert.equal((await fetch(`${url}/echo/collections/1`, { headers })).status, 200);
  });
}

const refused: [name: string, headers: Record<string, string>, status: number, code: string][] = [
  ['no credential', {}, 401, 'not_authenticated'],
  ['another scheme', { authorization: 'Basic Z29vZA==' }, 401, 'not_authenticated'],
  ['a bare key', { authorization: 'good' }, 401, 'not_authenticated'],
  ['a scheme without a key', { authorization: 'Bearer' }, 401, 'not_authenticated'],
  ['an unknown key', { authorization: 'Bearer bad' }, 401, 'invalid_api_key'],
  ['two different keys', { authorization: 'Bearer good', 'x-api-key': 'other' }, 400, 'ambiguous_credentials'],
];

for (const [name, headers, status, code] of refused) {
  test(`${name} is answered ${status} ${code}`, async (t) => {
    const { url } = await startTestApi(t, { dialects: [echo], verbs });
    const response = await fetch(`${url}/echo/collections/1`, { headers });
    assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [status, code]);
    assert.equal(response.headers.get('www-authenticate'), status === 401 ? 'Bearer' : null);
  });
}

test('a public operation does not look at credentials', async (t) => {
  const { url } = await startTestApi(t);
  assert.equal((await fetch(`${url}/health`, { headers: { authorization: 'Basic nonsense' } })).status, 200);
});

test('an operation for administrators is refused to a user', async (t) => {
  const { url } = await startTestApi(t, { dialects: [echo] });
  const response = await fetch(`${url}/echo/users`, { headers: asUser });
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).echo], [403, 'permission_denied']);
});

const faults: [who: string, principal: Principal | null, code: string][] = [
  ['an unknown caller', null, 'not_authenticated'],
  ['an expired account', { ...user, expired: true }, 'account_expired'],
];

for (const [who, principal, code] of faults) {
  test(`${who} is refused before the body is looked at`, async (t) => {
    const { url } = await startTestApi(t, {
      dialects: [echo],
      verbs: principal === null ? {} : { authenticate: async () => principal },
    });
    const response = await fetch(`${url}/echo/embeddings`, {
      method: 'POST',
      headers: principal === null ? {} : asUser,
      body: '{not json',
    });
    assert.equal((await jsonOf<EchoError>(response)).echo, code);
  });
}
