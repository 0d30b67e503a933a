import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from '../../src/core/recent.ts';

function createCounting(maxEntries = 10) {
  const clock = { time: 1_000, now: () => clock.time };
  const recent = createRecent<number>({ maxAgeMs: 100, maxEntries, now: clock.now });
  let loads = 0;
  const load = async () => {
    loads += 1;
    return loads;
  };
  return { clock, recent, load, loads: () => loads };
}

test('a value is loaded once while it is recent, and again when it is not', async () => {
  const { clock, recent, load } = createCounting();
  assert.equal(await recent.get('a', load), 1);
  clock.time += 99;
  assert.equal(await recent.get('a', load), 1);
  clock.time += 1;
  assert.equal(await recent.get('a', load), 2);
});

test('all who ask at once wait for one load', async () => {
  const { recent, load } = createCounting();
  assert.deepEqual(await Promise.all(Array.from({ length: 5 }, () => recent.get('a', load))), [1, 1, 1, 1, 1]);
});

test('nothing is kept of a value that is not there', async () => {
  const { recent, load } = createCounting();
  assert.equal(await recent.get('a', async () => null), null);
  assert.equal(await recent.get('a', load), 1);
});

test('a failure is everybody’s who waited, and nobody’s who asks later', async () => {
  const { recent, load } = createCounting();
  const fail = () => Promise.reject(new Error('away'));
  await Promise.all([1, 2].map(() => assert.rejects(recent.get('a', fail), /away/)));
  assert.equal(await recent.get('a', load), 1);
});

test('a value that ends sooner is loaded again sooner', async () => {
  const { clock, recent, load } = createCounting();
  await recent.get('a', load, () => 1_010);
  clock.time = 1_009;
  assert.equal(await recent.get('a', load), 1);
  clock.time = 1_010;
  assert.equal(await recent.get('a', load), 2);
});

test('what was on its way when all was forgotten is not kept', async () => {
  const { recent, load } = createCounting();
  const arrived = Promise.withResolvers<number>();
  const early = recent.get('a', () => arrived.promise);
  recent.clear();
  arrived.resolve(-1);
  assert.equal(await early, -1);
  assert.equal(await recent.get('a', load), 1);
});

test('no more is kept than there is room for', async () => {
  const { recent, load, loads } = createCounting(2);
  for (const name of ['a', 'b', 'c', 'd', 'e']) await recent.get(name, load);
  await recent.get('a', load);
  assert.equal(loads(), 6);
});
