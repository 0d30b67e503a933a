import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRoom } from '../../src/core/room.ts';

const { signal } = new AbortController();

/** Enters with each of the weights, in order. Who is inside is seen by name; they leave when told to. */
function openRoom(size: number, weights: Record<string, number>) {
  const room = createRoom(size);
  const inside = new Map<string, () => void>();
  for (const [name, weight] of Object.entries(weights)) {
    void room.enter(weight, signal).then((leave) => inside.set(name, leave));
  }
  return {
    room,
    async inside(): Promise<string[]> {
      await nextTurn();
      return [...inside.keys()];
    },
    leave(name: string): void {
      inside.get(name)?.();
      inside.delete(name);
    },
  };
}

describe('room for so much at once', () => {
  it('is given as long as there is some, to the last of it', async () => {
    assert.deepEqual(await openRoom(10, { a: 6, b: 4, c: 1 }).inside(), ['a', 'b']);
    assert.deepEqual(await openRoom(10, { a: 6, b: 5 }).inside(), ['a']);
  });

  it('is given again by who leaves', async () => {
    const { inside, leave } = openRoom(10, { a: 10, b: 10 });
    assert.deepEqual(await inside(), ['a']);
    leave('a');
    assert.deepEqual(await inside(), ['b']);
  });

  it('is given again once, however often its holder leaves', async () => {
    const { room, inside } = openRoom(2, { a: 1 });
    const leave = await room.enter(1, signal);
    leave();
    leave();
    void room.enter(1, signal);
    const full = new AbortController();
    const third = assert.rejects(room.enter(1, full.signal), { message: 'still full' });
    assert.deepEqual(await inside(), ['a']);
    full.abort(new Error('still full'));
    await third;
  });

  it('is not given to who came later as long as the first in line waits', async () => {
    const { inside, leave } = openRoom(10, { a: 6, b: 10, c: 1 });
    assert.deepEqual(await inside(), ['a']);
    leave('a');
    assert.deepEqual(await inside(), ['b']);
    leave('b');
    assert.deepEqual(await inside(), ['c']);
  });

  it('is taken whole by what is too heavy for it, alone', async () => {
    const { inside, leave } = openRoom(10, { a: 1, b: 1_000, c: 1 });
    assert.deepEqual(await inside(), ['a']);
    leave('a');
    assert.deepEqual(await inside(), ['b']);
    leave('b');
    assert.deepEqual(await inside(), ['c']);
  });

  for (const weight of [-1, Number.NaN, Number.NEGATIVE_INFINITY]) {
    it(`is not for a weight of ${weight}, and what it has stays as it was`, async () => {
      const { room, inside } = openRoom(10, { a: 10 });
      await assert.rejects(room.enter(weight, signal), RangeError);
      assert.deepEqual(await inside(), ['a']);
      const behind = AbortSignal.timeout(10);
      await assert.rejects(room.enter(1, behind), { name: 'TimeoutError' });
    });
  }

  it('lets in at once what weighs nothing', async () => {
    const { room } = openRoom(10, { a: 10 });
    (await room.enter(0, signal))();
  });

  it('is left to those behind by who gives up waiting', async () => {
    const { room, inside } = openRoom(10, { a: 5 });
    assert.deepEqual(await inside(), ['a']);
    const leaving = new AbortController();
    const given = assert.rejects(room.enter(6, leaving.signal), { message: 'gone' });
    const behind = room.enter(5, signal);
    leaving.abort(new Error('gone'));
    await given;
    await behind;
  });
});
