/**
 * So that a receiver that is slow or dead holds up nobody but itself: each has a lane of its own, with room for a few
 * calls at once. Nobody waits inside: who finds no room is told when to come again, and takes up nothing until then.
 */

/** A call that has come to its end. */
export interface CallEnd {
  durationMs: number;
  arrived: boolean;
  /** The receiver is overloaded: one call at a time until one arrives. */
  slowDown: boolean;
}

export type Turn =
  /** `leave` must be called, whatever becomes of the call; with null when none was made. */
  { kind: 'now'; leave(end: CallEnd | null): void } | { kind: 'later'; afterMs: number };

interface Lane {
  running: number;
  /** How long a call takes, as of the latest ones. */
  typicalMs: number;
  /** When those who were told to come again will all have been served. */
  servedAt: number;
  slowedDown: boolean;
}

const shortestWaitMs = 50;
/** However long the line is, its last comes again after that. */
export const longestWaitMs = 600_000;
/** Lanes that are remembered though nobody is in them; beyond it they are forgotten. */
const maxIdleLanes = 10_000;

/** The lanes of one process. */
export function createReceiverLanes(now: () => number) {
  const lanes = new Map<string, Lane>();

  function laneOf(receiver: string): Lane {
    const known = lanes.get(receiver);
    if (known) return known;
    if (lanes.size >= maxIdleLanes) forgetIdle();
    const lane: Lane = { running: 0, typicalMs: shortestWaitMs, servedAt: 0, slowedDown: false };
    lanes.set(receiver, lane);
    return lane;
  }

  function forgetIdle(): void {
    for (const [receiver, lane] of lanes) if (lane.running === 0 && lane.servedAt <= now()) lanes.delete(receiver);
  }

  return {
    /** `receiver` names whoever answers; `most` is how many calls it may have at once. */
    enter(receiver: string, most: number): Turn {
      const lane = laneOf(receiver);
      const room = lane.slowedDown ? 1 : most;
      if (lane.running < room) {
        lane.running += 1;
        return { kind: 'now', leave: (end) => leave(lane, end) };
      }
      const servedAt = Math.max(lane.servedAt, now()) + lane.typicalMs / room;
      const afterMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, Math.ceil(servedAt - now())));
      lane.servedAt = Math.min(servedAt, now() + longestWaitMs);
      return { kind: 'later', afterMs };
    },
  };

  function leave(lane: Lane, end: CallEnd | null): void {
    lane.running -= 1;
    if (end === null) return;
    const { durationMs, arrived, slowDown } = end;
    lane.typicalMs += (durationMs - lane.typicalMs) / 4;
    lane.slowedDown = slowDown || (lane.slowedDown && !arrived);
  }
}

export type ReceiverLanes = ReturnType<typeof createReceiverLanes>;
