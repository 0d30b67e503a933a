import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createStarter } from '../../src/activities/starter.ts';

interface Thing {
  id: string;
}

const things = (count: number): Thing[] =>
  Array.from({ length: count }, (_none, index) => ({ id: String(index).padStart(4, '0') }));

/** A starter over `stored`, whose starts take until `release` where that is given. */
function open({ stored = [], fails = [], release }: { stored?: Thing[]; fails?: string[]; release?: Promise<void> }) {
  const begun: string[] = [];
  const marks: string[][] = [];
  const missed: string[] = [];
  const starter = createStarter<Thing, string>({
    concurrentStarts: 4,
    async begin({ id }) {
      begun.push(id);
      await release;
      if (fails.includes(id)) throw new Error(`${id} cannot be started`);
      return id;
    },
    async mark(started) {
      marks.push([...started]);
    },
    onMissed: (_error, { id }) => missed.push(id),
    async unstarted(_before, cursor, limit) {
      return stored.filter(({ id }) => cursor === null || id > cursor).slice(0, limit);
    },
  });
  return { ...starter, begun, marks, missed };
}

async function untilQuiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

const never = new AbortController().signal;

describe('what starts things that are stored', () => {
  it('starts so many side by side, and the others after them', async () => {
    const release = Promise.withResolvers<void>();
    const { soon, begun } = open({ release: release.promise });
    for (const thing of things(9)) soon(thing);
    await untilQuiet();
    assert.equal(begun.length, 4);
    release.resolve();
    await untilQuiet();
    assert.equal(begun.length, 9);
  });

  it('marks with one write what was started together', async () => {
    const { start, marks } = open({});
    await Promise.all(things(3).map(start));
    assert.deepEqual(marks, [['0000', '0001', '0002']]);
    await start({ id: 'later' });
    assert.deepEqual(marks.at(-1), ['later']);
  });

  it('marks nothing that could not be started, and says so', async () => {
    const { soon, marks, missed } = open({ fails: ['0001'] });
    for (const thing of things(3)) soon(thing);
    await untilQuiet();
    assert.deepEqual([marks.flat(), missed], [['0000', '0002'], ['0001']]);
  });

  it('holds a thousand in memory and leaves all others to the sweep', async () => {
    const release = Promise.withResolvers<void>();
    const { soon, begun } = open({ release: release.promise });
    for (const thing of things(1_001)) soon(thing);
    release.resolve();
    while (begun.length < 1_000) await nextTurn();
    await untilQuiet();
    assert.equal(begun.length, 1_000);
    soon({ id: 'with room again' });
    await untilQuiet();
    assert.equal(begun.at(-1), 'with room again');
  });

  it('sweeps page by page to the end', async () => {
    const stored = things(401);
    const { sweep } = open({ stored });
    const swept: string[] = [];
    await sweep(0, never, async ({ id }) => void swept.push(id));
    assert.deepEqual(
      swept,
      stored.map(({ id }) => id),
    );
  });

  it('sweeps no further when one throws', async () => {
    const { sweep } = open({ stored: things(401) });
    const swept: string[] = [];
    const sweeping = sweep(0, never, async ({ id }) => {
      swept.push(id);
      throw new Error('the engine is away');
    });
    await assert.rejects(sweeping, /the engine is away/);
    assert.ok(swept.length <= 4, `${swept.length}`);
  });
});
