import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CallEnd,
  createReceiverLanes,
  longestWaitMs,
  type ReceiverLanes,
} from '../../../src/core/webhooks/receiver-lanes.ts';

const arrived: CallEnd = { durationMs: 100, arrived: true, slowDown: false };
const overloaded: CallEnd = { durationMs: 15_000, arrived: false, slowDown: true };
const failed: CallEnd = { durationMs: 100, arrived: false, slowDown: false };

function enter(lanes: ReceiverLanes, receiver: string, most: number): (end: CallEnd) => void {
  const turn = lanes.enter(receiver, most);
  assert.equal(turn.kind, 'now');
  return turn.kind === 'now' ? turn.leave : () => undefined;
}

function waitOf(lanes: ReceiverLanes, receiver: string, most: number): number {
  const turn = lanes.enter(receiver, most);
  assert.equal(turn.kind, 'later');
  return turn.kind === 'later' ? turn.afterMs : Number.NaN;
}

describe('the lane of a receiver', () => {
  it('has room for so many calls and no more', () => {
    const lanes = createReceiverLanes(() => 0);
    const leave = enter(lanes, 'a', 2);
    enter(lanes, 'a', 2);
    assert.ok(waitOf(lanes, 'a', 2) > 0);
    leave(arrived);
    enter(lanes, 'a', 2);
  });

  it('is of no concern to another receiver', () => {
    const lanes = createReceiverLanes(() => 0);
    enter(lanes, 'dead', 1);
    for (let index = 0; index < 1_000; index += 1) waitOf(lanes, 'dead', 1);
    enter(lanes, 'healthy', 1);
  });

  it('tells each in the line to come after those before it', () => {
    const lanes = createReceiverLanes(() => 0);
    enter(lanes, 'a', 1)({ ...arrived, durationMs: 1_000 });
    enter(lanes, 'a', 1);
    const waits = [waitOf(lanes, 'a', 1), waitOf(lanes, 'a', 1), waitOf(lanes, 'a', 1)];
    assert.deepEqual(
      waits,
      waits.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(waits).size, 3);
  });

  it('lets nobody wait longer than ten minutes, however long the line is', () => {
    const lanes = createReceiverLanes(() => 0);
    enter(lanes, 'a', 1)(overloaded);
    enter(lanes, 'a', 1);
    const waits = Array.from({ length: 10_000 }, () => waitOf(lanes, 'a', 1));
    assert.equal(Math.max(...waits), longestWaitMs);
  });

  it('takes one at a time from an overloaded receiver until something arrives', () => {
    const lanes = createReceiverLanes(() => 0);
    enter(lanes, 'a', 8)(overloaded);
    const probe = enter(lanes, 'a', 8);
    waitOf(lanes, 'a', 8);
    probe(failed);
    const second = enter(lanes, 'a', 8);
    waitOf(lanes, 'a', 8);
    second(arrived);
    enter(lanes, 'a', 8);
    enter(lanes, 'a', 8);
  });

  it('is empty again when the time of the line is over', () => {
    let now = 0;
    const lanes = createReceiverLanes(() => now);
    const leave = enter(lanes, 'a', 1);
    for (let index = 0; index < 100; index += 1) waitOf(lanes, 'a', 1);
    leave(arrived);
    now = longestWaitMs;
    enter(lanes, 'a', 1);
    assert.ok(waitOf(lanes, 'a', 1) < 200);
  });
});
