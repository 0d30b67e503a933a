/** One run: load and trouble side by side until so many processes were killed, then quiet, then the verdict. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { waitFor } from '../../helpers/wait-for.ts';
import { watchAbsence } from './absence.ts';
import { check } from './checker.ts';
import { type FinalState, readFinalState } from './final-state.ts';
import { watchHealth } from './health.ts';
import { type HistoryEntry, openHistory } from './history.ts';
import type { Judged, Violation } from './invariants/evidence.ts';
import { findSecrets, orphansOf, temporaryFiles } from './leftovers.ts';
import { type LoadOptions, signUp, startLoad } from './load/load.ts';
import { type NemesisReport, type Plan, torment } from './nemesis.ts';
import { createRandom } from './random.ts';
import { openWorld, type World } from './world.ts';

export interface TortureOptions extends Plan {
  seed: number;
  /** Callers side by side. */
  lanes?: number;
  mix?: LoadOptions['mix'];
  say?(text: string): void;
}

export interface TortureResult {
  seed: number;
  violations: readonly Violation[];
  judged: Judged;
  nemesis: NemesisReport;
  entries: readonly HistoryEntry[];
  state: FinalState;
  /** Ends of processes of the product that nobody asked for, by process. */
  crashes: Record<string, number>;
  times: {
    tormentMs: number;
    /** From the last fault to both APIs ready. */
    readyMs: number;
    /** From when nothing new was begun to the end of the last job. */
    drainedMs: number;
  };
  /** Where the evidence of a failed run is kept; null for one that passed. */
  keptIn: string | null;
}

/** 10 s on a machine of its own; the processes killed last are only being started when the last fault is over. */
const maxReadyMs = 30_000;
const givesUpReadyMs = 120_000;
/** How long the load goes on when nothing breaks any more: what is not excused then must be faultless. */
const calmMs = 12_000;
const maxDrainMs = 300_000;
const usageTimeoutMs = 120_000;
const endGraceMs = 30_000;
const orphanGraceMs = 15_000;
const tenants = 2;

export async function torture({
  seed,
  lanes = 12,
  mix = {},
  say = () => undefined,
  ...plan
}: TortureOptions): Promise<TortureResult> {
  const random = createRandom(seed);
  const world = await openWorld({ name: `torture-${seed}`, random: random.fork('links').next });
  const history = openHistory(join(world.directory, 'history.jsonl'));
  const watches = [watchAbsence(world, history), watchHealth(world, history)];
  const stopWatching = () => {
    for (const stop of watches) stop();
  };
  let hasFailed = true;
  try {
    const callers = await signUp(world, tenants);
    const load = await startLoad(world, callers, history, random.fork('load'), { lanes, mix });
    const startedAt = Date.now();
    const nemesis = await torment(world, {
      ...plan,
      history,
      random: random.fork('nemesis'),
      onProgress: (total) => say(`${total}${plan.kills === undefined ? '' : ` of ${plan.kills}`} killed`),
    });
    world.heal();
    const times = { tormentMs: Date.now() - startedAt, ...(await quieten(world, load, say)) };
    stopWatching();
    say('reading what is left');
    const state = await readFinalState(world, callers, history);
    const verdict = check(history.entries, state);
    const violations = [...verdict.violations, ...tooSlow(times)];
    const tokens = Object.fromEntries(
      callers.flatMap(({ owner, token, webhookSecret, accountSecret }) => [
        [`key of tenant ${owner}`, token],
        [`webhook secret of tenant ${owner}`, webhookSecret.replace(/^whsec_/, '')],
        [`account's secret of tenant ${owner}`, accountSecret.replace(/^whsec_/, '')],
      ]),
    );
    violations.push(...(await findSecrets(world, { ...world.secrets, ...tokens })));
    violations.push(...(await endOrderly(world)));
    await history.close();
    await writeFile(join(world.directory, 'state.json'), JSON.stringify(state));
    await writeFile(join(world.directory, 'violations.json'), JSON.stringify(violations, null, 2));
    hasFailed = violations.length > 0;
    return {
      seed,
      violations,
      judged: verdict.judged,
      nemesis,
      entries: history.entries,
      state,
      crashes: Object.fromEntries(
        [...world.apis, ...world.workers].map((process) => [process.name, process.crashes()]),
      ),
      times,
      keptIn: hasFailed ? world.directory : null,
    };
  } finally {
    stopWatching();
    await world.close(hasFailed);
  }
}

/** Nothing breaks any more: how long until everybody answers, and until everything accepted has come to its end. */
async function quieten(world: World, load: { stop(): Promise<void> }, say: (text: string) => void) {
  const healedAt = Date.now();
  // What is not ready by then is too slow (I10); all else can still be judged.
  await world.ready(givesUpReadyMs).catch(() => say('not everybody is ready'));
  const readyAt = Date.now();
  say(`ready again after ${readyAt - healedAt} ms; waiting for what was accepted`);
  await delay(calmMs);
  const calledOffAt = Date.now();
  await load.stop();
  const client = new mongoose.mongo.MongoClient(world.mongodbUrl);
  try {
    const database = client.db(world.database);
    const unfinished = () => database.collection('jobs').countDocuments({ completedAt: null });
    // What is still open when time is up is for the checker to tell, with its name.
    await waitFor('every job to end', async () => (await unfinished()) === 0, maxDrainMs).catch(() =>
      say('jobs are left'),
    );
    const drainedAt = Date.now();
    const undelivered = () => database.collection('webhook_deliveries').countDocuments({ status: 'pending' });
    await waitFor('every end to be told', async () => (await undelivered()) === 0, maxDrainMs).catch(() =>
      say('webhooks are left'),
    );
    await waitFor(
      'usage on disk to be written',
      () => spooledBytes(world).then((bytes) => bytes === 0),
      usageTimeoutMs,
    ).catch(() => say('usage is left'));
    return { readyMs: readyAt - healedAt, drainedMs: drainedAt - calledOffAt };
  } finally {
    await client.close();
  }
}

/** Records of processes that were killed are taken over from their files by those that live, every half minute. */
async function spooledBytes(world: World): Promise<number> {
  const folder = join(world.directory, 'data/usage');
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** I10. */
function tooSlow({ readyMs }: { readyMs: number }): Violation[] {
  if (readyMs <= maxReadyMs) return [];
  return [{ invariant: 'I10', about: 'readiness', what: `took ${readyMs} ms after the last fault` }];
}

/** I11: all end when asked to, and leave nothing. */
async function endOrderly(world: World): Promise<Violation[]> {
  const processes = [...world.apis, ...world.workers];
  const leaders = new Set(processes.flatMap((process) => process.past().map(({ pid }) => pid)));
  const ends = await Promise.all(
    processes.map(async (process) => ({ name: process.name, ms: await process.end(endGraceMs) })),
  );
  const found: Violation[] = ends
    .filter(({ ms }) => ms === null)
    .map(({ name }) => ({ invariant: 'I11', about: name, what: `did not end within ${endGraceMs} ms` }));
  await waitFor('orphans to go', () => orphansOf(leaders).length === 0, orphanGraceMs).catch(() => undefined);
  for (const pid of orphansOf(leaders))
    found.push({ invariant: 'I11', about: String(pid), what: 'outlived its parent' });
  for (const path of await temporaryFiles(world)) found.push({ invariant: 'I11', about: path, what: 'was left' });
  return found;
}
