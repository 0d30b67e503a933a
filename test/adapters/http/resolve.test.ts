import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { createResolve, NameUnresolved } from '../../../src/adapters/http/resolve.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const found: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];

/** The system's look-up, as slow as the test says. Names of this machine are asked of it alone. */
function startLookUp() {
  const asked: { name: string; answer: (addresses: LookupAddress[]) => void }[] = [];
  const lookUp = ((name: string) =>
    new Promise((answer) => {
      asked.push({ name, answer });
    })) as unknown as typeof import('node:dns/promises').lookup;
  return { asked, lookUp };
}

test('the system is asked for one name after the other', async () => {
  const { asked, lookUp } = startLookUp();
  const resolve = createResolve({ lookUp });
  const both = [resolve('a.localhost'), resolve('b.localhost')];
  await waitFor('the first', () => asked.length === 1);
  asked[0]?.answer(found);
  assert.deepEqual(await both[0], found);
  await waitFor('the second', () => asked.length === 2);
  asked[1]?.answer(found);
  assert.deepEqual(await both[1], found);
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['a.localhost', 'b.localhost'],
  );
});

test('a name that the system takes too long for is not found, and those that waited behind it are not asked for', async () => {
  const { asked, lookUp } = startLookUp();
  const resolve = createResolve({ lookUp, systemMs: 50 });
  const [slow, behind] = await Promise.allSettled([resolve('slow.localhost'), resolve('behind.localhost')]);
  for (const outcome of [slow, behind]) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof NameUnresolved);
  }
  asked[0]?.answer(found);
  const next = resolve('next.localhost');
  await waitFor('the next', () => asked.length === 2);
  asked[1]?.answer(found);
  assert.deepEqual(await next, found);
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['slow.localhost', 'next.localhost'],
  );
});
