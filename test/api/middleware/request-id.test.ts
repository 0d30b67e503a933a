import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';

for (const id of ['a', 'trace-1.2_3', 'x'.repeat(128)]) {
  test(`the caller's request id of ${id.length} characters is kept`, async (t) => {
    const { url } = await startTestApi(t);
    const response = await fetch(`${url}/health`, { headers: { 'x-request-id': id } });
    assert.equal(response.headers.get('x-request-id'), id);
  });
}

for (const id of ['x'.repeat(129), 'a b', 'a;b', 'é']) {
  test(`a request id like ${JSON.stringify(id.slice(0, 5))} (${id.length}) is replaced`, async (t) => {
    const { url } = await startTestApi(t);
    const headers = { 'x-request-id': Buffer.from(id).toString('latin1') };
    const response = await fetch(`${url}/health`, { headers });
    assert.match(response.headers.get('x-request-id') ?? '', /^req_[0-9a-f-]{36}$/);
  });
}

test('an answer to nothing known has a request id as well', async (t) => {
  const { url } = await startTestApi(t);
  const response = await fetch(`${url}/nowhere`);
  assert.equal((await jsonOf<NativeError>(response)).request_id, response.headers.get('x-request-id'));
});
