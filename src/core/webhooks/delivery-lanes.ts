/** So that neither a receiver nor an account holds up others: a message goes when there is room for both at once. */
import { webhookSlots } from '../queues.ts';
import { callsAtOnce, type ReceiverHealth } from './receiver-health.ts';
import { createReceiverLanes, type Turn } from './receiver-lanes.ts';

/**
 * Calls of one account at once in one process. Whoever has slow receivers in any number, each with a lane of its own,
 * takes up no more.
 */
export const callsPerOwner = webhookSlots / 4;

interface Receiver {
  /** Names the lane. */
  lane: string;
  health: ReceiverHealth;
}

/** The lanes of one process; `callsPerReceiver` is for one that is well. */
export function createDeliveryLanes(now: () => number, callsPerReceiver: number) {
  const owners = createReceiverLanes(now);
  const receivers = createReceiverLanes(now);

  return {
    enter(ownerId: number, { lane, health }: Receiver): Turn {
      const ofOwner = owners.enter(String(ownerId), callsPerOwner);
      if (ofOwner.kind === 'later') return ofOwner;
      const ofReceiver = receivers.enter(lane, callsAtOnce(health, callsPerReceiver));
      if (ofReceiver.kind === 'later') {
        ofOwner.leave(null);
        return ofReceiver;
      }
      return {
        kind: 'now',
        leave(end) {
          ofReceiver.leave(end);
          // An overloaded receiver says nothing of the account's others.
          ofOwner.leave(end && { ...end, slowDown: false });
        },
      };
    },
  };
}
