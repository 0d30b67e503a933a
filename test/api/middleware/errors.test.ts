import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { asUser, jsonOf, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';

function failing(error: GatewayError) {
  return {
    dialects: [echo],
    verbs: {
      getCollection: async () => {
        throw error;
      },
    },
  };
}

test('an error is rendered by the dialect that owns the path', async (t) => {
  const { url } = await startTestApi(t, failing(new GatewayError('not_found', 'Collection not found.')));
  const response = await fetch(`${url}/echo/collections/1`, { headers: { ...asUser, 'x-request-id': 'r1' } });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('x-echo'), 'error');
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(await response.json(), {
    echo: 'not_found',
    message: 'Collection not found.',
    param: null,
    requestId: 'r1',
  });
});

test('whoever accepts problem documents gets one', async (t) => {
  const { url } = await startTestApi(
    t,
    failing(new GatewayError('invalid_request', 'limit: too large.', { param: 'limit' })),
  );
  const headers = { ...asUser, accept: 'application/problem+json, application/json', 'x-request-id': 'r1' };
  const response = await fetch(`${url}/echo/collections/1`, { headers });
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await response.json(), {
    type: '/docs/errors#invalid_request',
    title: 'Bad Request',
    status: 400,
    detail: 'limit: too large.',
    code: 'invalid_request',
    param: 'limit',
    request_id: 'r1',
    errors: [],
  });
});

test('the page that a problem document names explains its code', async (t) => {
  const { url } = await startTestApi(t);
  const problem = await jsonOf<{ type: string }>(
    await fetch(`${url}/nowhere`, { headers: { accept: 'application/problem+json' } }),
  );
  const [path, code] = problem.type.split('#');
  assert.match(await (await fetch(`${url}${path}`)).text(), new RegExp(`<tr id="${code}">`));
});

test('when to try again is said in whole seconds, rounded up, and to the millisecond', async (t) => {
  const { url } = await startTestApi(
    t,
    failing(new GatewayError('rate_limit_exceeded', 'Too many.', { retryAfterMs: 1_200 })),
  );
  const response = await fetch(`${url}/echo/collections/1`, { headers: asUser });
  const { headers } = response;
  assert.deepEqual([response.status, headers.get('retry-after'), headers.get('retry-after-ms')], [429, '2', '1200']);
});

const minute = 60_000;
const advice: [error: GatewayError, shouldRetry: string | null][] = [
  [new GatewayError('upstream_auth_error', 'The key is wrong.'), 'false'],
  [new GatewayError('conflict', 'It is there already.'), 'false'],
  [new GatewayError('upstream_error', 'It broke.'), null],
  [new GatewayError('rate_limit_exceeded', 'Too many.', { retryAfterMs: minute }), null],
  [new GatewayError('rate_limit_exceeded', 'Too many.', { retryAfterMs: minute + 1 }), 'false'],
  // Nobody tries these again.
  [new GatewayError('not_found', 'No.'), null],
];
for (const [error, shouldRetry] of advice) {
  const told = shouldRetry === null ? 'leaves it to clients whether' : 'tells clients not';
  test(`${error.status} ${error.code} (${error.retryAfterMs} ms) ${told} to try again`, async (t) => {
    const { url } = await startTestApi(t, failing(error));
    const response = await fetch(`${url}/echo/collections/1`, { headers: asUser });
    assert.equal(response.headers.get('x-should-retry'), shouldRetry);
  });
}

test("the cause of a failure that is not the caller's is logged and not shown", async (t) => {
  const cause = new Error('mongo at 10.0.0.7 refused');
  const { url, lines } = await startTestApi(t, failing(new GatewayError('unavailable', 'Try again later.', { cause })));
  const response = await fetch(`${url}/echo/collections/1`, { headers: asUser });
  assert.doesNotMatch(await response.text(), /10\.0\.0\.7/);
  assert.equal(lines.find(({ message }) => message === 'request failed')?.['err'], cause);
});
