import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHttp } from '../../../src/adapters/http/client.ts';
import { readJson } from '../../../src/adapters/http/read-json.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';

const http = createHttp(defaultHttpSettings);
let upstream: FakeUpstream;
before(async () => {
  upstream = await startFakeUpstream();
});
beforeEach(() => upstream.reset());
after(async () => {
  await http.close();
  await upstream.close();
});

function get() {
  const { signal } = new AbortController();
  return http.request({ method: 'GET', namedBy: 'operator', url: upstream.url, headers: {}, body: null, signal });
}

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

describe('the JSON of an answer', () => {
  it('is bounded', async () => {
    const text = JSON.stringify('x'.repeat(98));
    const answer = jsonAnswer('x'.repeat(98));
    upstream.next(answer, answer);
    assert.equal(text.length, 100);
    assert.equal(await readJson(await get(), 100), 'x'.repeat(98));
    await assert.rejects(readJson(await get(), 99), isUpstreamError);
  });

  it('is upstream_error for a page, for another format and for what cannot be parsed', async () => {
    for (const [type, body] of [
      ['text/html', '{}'],
      ['text/plain', '{}'],
      ['application/json', '{"half'],
    ] as const) {
      upstream.next({ headers: { 'content-type': type }, body: [body] });
      await assert.rejects(readJson(await get()), isUpstreamError);
    }
  });

  it('may be of a kind that JSON is the base of', async () => {
    upstream.next({ headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: ['[1]'] });
    assert.deepEqual(await readJson(await get()), [1]);
  });
});
