/** One run of the whole system over simulated time, told by one number. */
import { onCrashPoint } from '../../src/core/crash-point.ts';
import { createCallers } from './callers.ts';
import { violationsOf } from './invariants.ts';
import type { LinkFaults } from './process.ts';
import { createSystem } from './system.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { watchWrites } from './watch-writes.ts';

const startsAt = Date.UTC(2026, 0, 1);
const owners = 3;
const jobs = 10;
const faultyMs = 5 * 60_000;
const quietMs = 4 * 60_000;
/** Files that nobody refers to are swept after an hour. */
const sleepMs = 61 * 60_000;
const sweepMs = 2 * 60_000;
const restartMs = [500, 8_000] as const;

export interface SimulationReport {
  seed: number;
  violations: string[];
  steps: number;
  faults: number;
  /** Time that was lived through; what was skipped, as by a machine that sleeps, is none of it. */
  simulatedMs: number;
}

/** What can go wrong; each is called with a time of its own choosing. */
function createFaults(timeline: Timeline, system: ReturnType<typeof createSystem>) {
  const any = <T>(things: readonly T[]): T | undefined => things[Math.floor(timeline.random() * things.length)];

  function restart(name: string): void {
    timeline.after(timeline.between(...restartMs), () => {
      if (name.startsWith('api')) system.startApi();
      else system.startWorker();
    });
  }

  return {
    kill() {
      const victim = any(system.living());
      if (!victim) return;
      victim.life.die();
      restart(victim.life.name);
    },
    stop: () => any(system.living())?.life.stop(timeline.between(2_000, 70_000)),
    moveClock: () => any(system.living())?.life.setClock(timeline.between(-60_000, 60_000)),
    storeDown: () => system.storeDown(timeline.between(500, 20_000)),
    engineDown: () => system.engine.goDown(timeline.between(500, 60_000)),
    terminate: () => system.engine.terminateOne(),
    forget: () => system.engine.forgetOne(),
  };
}

/** How often each fault is drawn. */
const weights = { kill: 12, stop: 3, moveClock: 2, storeDown: 3, engineDown: 3, terminate: 0.5, forget: 0.5 } as const;

function draw(timeline: Timeline): keyof typeof weights {
  const entries = Object.entries(weights) as [keyof typeof weights, number][];
  let left = timeline.random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left <= 0) return name;
  }
  return 'kill';
}

export async function simulate(seed: number): Promise<SimulationReport> {
  onCrashPoint(() => undefined);
  const timeline = createTimeline(seed, startsAt);
  const calm: LinkFaults = { lostReplies: 0, maxLatencyMs: 20 };
  const rough: LinkFaults = { lostReplies: 0.02, maxLatencyMs: 200 };
  const isRough = () => timeline.now() < startsAt + faultyMs;
  const writes = watchWrites(timeline.now);
  const system = createSystem(timeline, () => (isRough() ? rough : calm), writes.onWrite);
  const callers = createCallers(timeline, system);
  const faults = createFaults(timeline, system);
  const thrown: string[] = [];
  for (const start of [system.startApi, system.startApi, system.startWorker, system.startWorker]) start();

  for (let index = 0; index < jobs; index += 1) {
    timeline.after(timeline.between(0, faultyMs), () => {
      const deadlineAt = timeline.chance(0.2) ? Math.round(timeline.now() + timeline.between(1_000, 60_000)) : null;
      callers
        .submit(1 + (index % owners), `key-${index}`, deadlineAt)
        .catch((error: unknown) => thrown.push(`I9: a caller was answered ${String(error)}`));
    });
  }
  let count = 0;
  for (let at = 0; at < faultyMs; at += timeline.between(1_000, 16_000)) {
    count += 1;
    timeline.after(at, () => void faults[draw(timeline)]());
  }

  await timeline.run(startsAt + faultyMs);
  for (const { life } of system.living()) life.setClock(0);
  await timeline.run(startsAt + faultyMs + quietMs);
  timeline.skip(sleepMs);
  await timeline.run(timeline.now() + sweepMs);
  const violations = [...thrown, ...violationsOf(system, callers.submissions, writes)];
  const simulatedMs = timeline.now() - startsAt - timeline.skippedMs();
  return { seed, violations, steps: timeline.steps(), faults: count, simulatedMs };
}
