import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callsPerOwner, createDeliveryLanes } from '../../../src/core/webhooks/delivery-lanes.ts';
import type { ReceiverHealth } from '../../../src/core/webhooks/receiver-health.ts';
import type { CallEnd } from '../../../src/core/webhooks/receiver-lanes.ts';

const health: ReceiverHealth = { failingSince: null, consecutiveFailures: 0 };
const callsPerReceiver = 8;

describe('the lanes of deliveries', () => {
  function open() {
    const lanes = createDeliveryLanes(() => 0, callsPerReceiver);
    return {
      /** How to leave; null for one that is to come again. */
      enter(ownerId: number, lane: string): ((end: CallEnd | null) => void) | null {
        const turn = lanes.enter(ownerId, { lane, health });
        return turn.kind === 'now' ? turn.leave : null;
      },
    };
  }

  it('have room for so many calls of an account, to however many receivers', () => {
    const { enter } = open();
    const leaves = Array.from({ length: callsPerOwner }, (_none, index) => enter(7, `tarpit ${index}`));
    assert.ok(leaves.every((leave) => leave !== null));
    assert.equal(enter(7, 'one more'), null);
    leaves[0]?.(null);
    assert.notEqual(enter(7, 'one more'), null);
  });

  it('have room for another account beside it', () => {
    const { enter } = open();
    for (let index = 0; index < 2 * callsPerOwner; index += 1) enter(7, `tarpit ${index}`);
    assert.notEqual(enter(8, 'healthy'), null);
  });

  it('count nobody towards the account who finds no room at the receiver', () => {
    const { enter } = open();
    for (let index = 0; index < callsPerReceiver; index += 1) assert.notEqual(enter(7, 'slow'), null);
    for (let index = 0; index < callsPerOwner; index += 1) assert.equal(enter(7, 'slow'), null);
    for (let index = callsPerReceiver; index < callsPerOwner; index += 1) {
      assert.notEqual(enter(7, `other ${index}`), null);
    }
    assert.equal(enter(7, 'one more'), null);
  });

  it('slow down a receiver that is overloaded, and not the others of its account', () => {
    const { enter } = open();
    enter(7, 'overloaded')?.({ durationMs: 100, arrived: false, slowDown: true });
    assert.notEqual(enter(7, 'overloaded'), null);
    assert.equal(enter(7, 'overloaded'), null);
    assert.notEqual(enter(7, 'healthy'), null);
    assert.notEqual(enter(7, 'healthy'), null);
  });
});
