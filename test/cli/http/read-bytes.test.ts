import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createApiClient } from '../../../src/cli/http/api-client.ts';
import { readBytes } from '../../../src/cli/http/read-bytes.ts';
import { type Script, startFakeUpstream } from '../../helpers/fake-upstream.ts';

const silenceMs = 100;

async function read(script: Script, betweenMs = 0): Promise<number> {
  const server = await startFakeUpstream(script);
  const api = createApiClient(server.url, () => 'key', new AbortController().signal);
  let length = 0;
  try {
    for await (const bytes of readBytes(api, '/', {}, silenceMs)) {
      length += bytes.byteLength;
      await delay(betweenMs);
    }
    return length;
  } finally {
    await server.close();
  }
}

test('a reader may take longer between two pieces than the server may be silent', async () => {
  const body = Array.from({ length: 3 }, () => 'x'.repeat(65_536));
  assert.equal(await read({ body }, 2 * silenceMs), 3 * 65_536);
});

test('an answer whose server falls silent is given up', async () => {
  await assert.rejects(read({ body: ['x'], ending: 'hang' }));
});
