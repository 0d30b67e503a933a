/** What goes wrong, drawn from the seed: processes die or hang, links break, engines fall over, everything stops at once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault-proxy.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import type { Supervised } from './supervised.ts';
import { type LinkName, linkNames, type World } from './world.ts';

/** How often each is chosen. */
const mischief = {
  'kill-worker': 40,
  'kill-api': 30,
  'kill-both-workers': 6,
  'kill-both-apis': 3,
  'freeze-worker': 2,
  'freeze-api': 2,
  'break-link': 18,
  'restart-process': 3,
  'kill-temporal': 2,
  'kill-mongodb': 2.5,
  'stop-everything': 1,
};
type Mischief = keyof typeof mischief;

const pauseMs = { shortest: 100, longest: 1_600 };
/** A process that is only starting harms nobody by dying: most kills wait for one that is at work. */
const earlyShare = 0.15;
const servingTimeoutMs = 15_000;
/** Longer than a step's heartbeat timeout: others take over what it holds. */
const zombieMs = 13_000;
/** As long as a worker has to finish what it is at, and some for a machine that is busy. */
const drainMs = 30_000;

export interface NemesisReport {
  kills: Record<string, number>;
  total: number;
  /** How often something was killed; processes that die at once are one act. */
  acts: number;
  /** How often each was done. */
  done: Record<string, number>;
  /** How long a process took to end when it was asked to; null for one that had to be killed. */
  drainsMs: (number | null)[];
}

/** What is done, and for how long; everything a run knows unless said otherwise. */
export interface Plan {
  /** So many processes are killed. */
  kills?: number;
  /** Or so many things are done. */
  acts?: number;
  /** But no longer than that. */
  maxMs?: number;
  weights?: Partial<Record<Mischief, number>>;
  /** The links that break, and how. */
  links?: readonly LinkName[];
  faults?: readonly Fault['kind'][];
  /** How long an engine that was killed is away; up to three seconds otherwise. */
  awayMs?: number;
}

export interface NemesisOptions extends Plan {
  history: History;
  random: Random;
  onProgress?(kills: number): void;
}

/** Resolves once the plan is done. Leaves engines running; links and frozen processes heal later. */
export async function torment(world: World, options: NemesisOptions): Promise<NemesisReport> {
  const { history, random } = options;
  const report: NemesisReport = { kills: {}, total: 0, acts: 0, done: {}, drainsMs: [] };
  const lingering = new Set<Promise<void>>();

  function killed(victim: string): void {
    report.kills[victim] = (report.kills[victim] ?? 0) + 1;
    report.total += 1;
    history.add({ type: 'kill', victim });
  }

  async function killProcesses(victims: readonly Supervised[], whole = false): Promise<void> {
    await Promise.all(
      victims.map(async (victim) => {
        if (await victim.kill(whole)) killed(victim.role);
      }),
    );
  }

  /** One that is at work, or now and then one that is only starting. */
  async function victimOf(processes: readonly Supervised[]): Promise<Supervised> {
    const [first, second = first] = random.chance(0.5) ? processes : processes.toReversed();
    if (!first || !second) throw new Error('there is nobody to kill');
    if (random.chance(earlyShare)) return first;
    const until = Date.now() + servingTimeoutMs;
    while (Date.now() < until) {
      if (first.isServing()) return first;
      if (second.isServing()) return second;
      await delay(25);
    }
    return first;
  }

  /** Holds on in the background while other things go wrong. */
  function linger(fault: string, target: string, lastsMs: number, end: () => void | Promise<void>): void {
    history.add({ type: 'fault', fault, target, phase: 'begin' });
    const over = delay(lastsMs)
      .then(end)
      .then(() => history.add({ type: 'fault', fault, target, phase: 'end' }))
      .finally(() => lingering.delete(over));
    lingering.add(over);
  }

  function freeze(victims: readonly Supervised[], lastsMs: number): void {
    const victim = random.pick(victims);
    if (victims.some((other) => other.isStopped()) || !victim.freeze()) return;
    linger('frozen', victim.name, lastsMs, () => victim.wake());
  }

  const broken = new Set<string>();
  function breakLink(): void {
    const link = random.pick(options.links ?? linkNames);
    const fault = randomFault(random, options.faults ?? faultKinds);
    if (broken.has(link)) return;
    broken.add(link);
    world.links[link].break(fault);
    linger(fault.kind, link, random.between(200, 4_000), () => {
      broken.delete(link);
      world.links[link].break(null);
    });
  }

  async function killEngine(name: 'mongodb' | 'temporal'): Promise<void> {
    await world.engines[name].kill();
    killed(name);
    await delay(options.awayMs ?? random.between(0, 3_000));
    await world.engines[name].start();
  }

  async function stopEverything(): Promise<void> {
    const { engines } = world;
    await Promise.all([
      killProcesses([...world.apis, ...world.workers], true),
      ...[engines.mongodb, engines.temporal].map(async (engine) => {
        await engine.kill();
        killed(engine.name);
      }),
    ]);
    await Promise.all([engines.mongodb.start(), engines.temporal.start()]);
  }

  const acts: Record<Mischief, () => void | Promise<void>> = {
    'kill-worker': async () => killProcesses([await victimOf(world.workers)]),
    'kill-api': async () => killProcesses([await victimOf(world.apis)]),
    'kill-both-workers': () => killProcesses(world.workers),
    'kill-both-apis': () => killProcesses(world.apis),
    'freeze-worker': () => freeze(world.workers, zombieMs),
    'freeze-api': () => freeze(world.apis, random.between(1_000, 4_000)),
    'break-link': breakLink,
    'restart-process': () => {
      const victim = random.pick([...world.apis, ...world.workers]);
      if (!victim.isRunning() || victim.isStopped()) return;
      linger('restart', victim.name, 0, async () => {
        report.drainsMs.push(await victim.restart(drainMs));
      });
    },
    'kill-temporal': () => killEngine('temporal'),
    'kill-mongodb': () => killEngine('mongodb'),
    'stop-everything': stopEverything,
  };

  const { kills = Number.POSITIVE_INFINITY, acts: wanted = Number.POSITIVE_INFINITY } = options;
  const until = Date.now() + (options.maxMs ?? Number.POSITIVE_INFINITY);
  for (let count = 0; report.total < kills && count < wanted && Date.now() < until; count += 1) {
    await delay(random.between(pauseMs.shortest, pauseMs.longest));
    const act = random.weighted<Mischief>(options.weights ? { ...nothing, ...options.weights } : mischief);
    report.done[act] = (report.done[act] ?? 0) + 1;
    const before = report.total;
    await acts[act]();
    if (report.total > before) report.acts += 1;
    options.onProgress?.(report.total);
  }
  await Promise.all(lingering);
  return report;
}

const nothing = Object.fromEntries(Object.keys(mischief).map((name) => [name, 0])) as Record<Mischief, number>;

/** The half-open link, which makes duplicates, comes twice as often. */
const faultKinds: readonly Fault['kind'][] = [
  'latency',
  'reset_peer',
  'half_open',
  'half_open',
  'blackhole',
  'down',
  'limit_data',
];

function randomFault(random: Random, kinds: readonly Fault['kind'][]): Fault {
  const kind = random.pick(kinds);
  if (kind === 'latency') return { kind, delayMs: random.between(20, 1_500), jitterMs: 200 };
  if (kind === 'limit_data') return { kind, bytes: random.integer(0, 4_000) };
  return { kind };
}
