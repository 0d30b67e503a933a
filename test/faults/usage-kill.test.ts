import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from '../../examples/demo/client.ts';
import { chooseSeed, openStack, type RunningStack, seededRandom, until } from '../helpers/stack.ts';

const kills = 6;
const callers = 4;
/** Records are written twice a second: some of a round's are in MongoDB when the process dies, some are not. */
const longestPauseMs = 900;

describe('an API process that is killed between answers and their records', () => {
  let running: RunningStack;
  before(async () => {
    running = await openStack('usage', 0);
  });
  after(() => running.stack.stop());

  it(`${kills} times loses the record of no call that was answered, and doubles none`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const random = seededRandom(seed);
    const { stack } = running;
    const admin = createClient(stack.url, stack.masterKey);
    const { id } = await admin.createUser(`${crypto.randomUUID()}@example.com`, 'a long password');
    const { token } = await admin.createKeyFor(id);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answered: string[] = [];

    /** One call after the other until the process is gone. */
    async function callUntilItDies(): Promise<void> {
      for (;;) {
        const requestId = crypto.randomUUID();
        const body = JSON.stringify({ model: 'all-minilm-l6-v2', input: 'one text' });
        try {
          const response = await fetch(`${stack.url}/v1/embeddings`, {
            method: 'POST',
            headers: { ...headers, 'x-request-id': requestId },
            body,
          });
          await response.json();
          assert.equal(response.status, 200);
          answered.push(requestId);
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          return;
        }
      }
    }

    async function recorded(): Promise<string[]> {
      const ids: string[] = [];
      for (let offset = 0; ; offset += 100) {
        const response = await fetch(`${stack.url}/v1/me/usage?limit=100&offset=${offset}`, { headers });
        const { data } = (await response.json()) as { data: { request_id: string }[] };
        ids.push(...data.map(({ request_id }) => request_id));
        if (data.length < 100) return ids;
      }
    }

    for (let round = 0; round < kills; round += 1) {
      const already = answered.length;
      const calling = Array.from({ length: callers }, callUntilItDies);
      await until('some answers', 30_000, async () => answered.length > already);
      await new Promise((resolve) => setTimeout(resolve, random() * longestPauseMs));
      await stack.api.kill();
      await Promise.all(calling);
      await stack.restartApi();
    }

    let ids: string[] = [];
    await until('a record of every answer', 30_000, async () => {
      ids = await recorded();
      const known = new Set(ids);
      return answered.every((requestId) => known.has(requestId));
    });
    t.diagnostic(`${answered.length} answers, ${ids.length} records`);
    assert.equal(new Set(ids).size, ids.length, 'a record is doubled');
    assert.ok(answered.length >= kills);
  });
});
