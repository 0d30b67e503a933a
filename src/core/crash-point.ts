/**
 * Named instants between two writes, where a process that dies leaves one done and the other not. In a running system
 * they are nothing: a call of an empty function. A fault test hands in what happens there; see
 * `test/faults/crash-points/`, where a real process is killed at every name that stands in the source.
 */

/** `area.what_is_done.before_what_is_not`, unique in the source. */
export type CrashPointName = `${string}.${string}`;

let onReached: (name: CrashPointName) => void = () => undefined;

/** Says that this instant has come. */
export function crashPoint(name: CrashPointName): void {
  onReached(name);
}

/** For tests alone: calls `listener` at every crash point of this process. */
export function onCrashPoint(listener: (name: CrashPointName) => void): void {
  onReached = listener;
}
