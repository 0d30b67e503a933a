/**
 * `npm run bench -- gateway`: what a call on a model costs in the gateway itself, in one run beside a bare Koa + undici
 * proxy, nginx and Portkey's gateway, all in front of the same stub. Each gateway has one core; load and stub have the
 * other, which bounds the calls per second of one that is faster than they. Processor time is read from /proc.
 */
import { join } from 'node:path';
import { createProgress } from '../engines/progress.ts';
import { startStack } from '../engines/stack.ts';
import { type Contestant, startKoa, startNginx, startPortkey, useSwitchyard } from './gateway/contestants.ts';
import { cpuSeconds, hold, load, residentKiB, startServer } from './gateway/processes.ts';
import { type Figure, median, report } from './report.ts';

const loadCore = 1;
const rounds = 3;
const callMs = 5_000;
/** Turns of each before those that count: until then the compiler has not settled on the code. */
const warmUpTurns = 4;
const connections = 32;
const pacedStreams = 100;
const pacedTokens = 250;
const idleStreams = 500;

const units = {
  'µs of CPU per call': 'µs',
  'calls per second': '/s',
  'µs of CPU per event': 'µs',
  'kB per idle stream': 'kB',
} as const;
type Measure = keyof typeof units;
type Readings = Partial<Record<Measure, number>>;

const goals: Record<string, string> = {
  'switchyard: µs of CPU per call': '<= 2 x koa, <= 0.2 x portkey',
  'switchyard: µs of CPU per event': '<= 1.5 x koa',
  'switchyard, translated: µs of CPU per event': '<= 50 µs',
  'switchyard: kB per idle stream': '<= 100 kB',
};

/** `npm run bench -- gateway calls events` measures those alone. */
const parts = {
  calls: () => compare('calls', callCost),
  events: () => compare('events', eventCost),
  memory: () => compare('memory', idleCost, { warmUpTurns: 0, rounds: 1 }),
  delays: async () => (await inTurn(contestants, delays)).flat(),
};
const named = process.argv.slice(2);
const chosen = Object.entries(parts).filter(([name]) => named.length === 0 || named.includes(name));

const progress = createProgress();
const stack = await startStack({
  name: 'bench-gateway',
  workers: 0,
  progress,
  environment: { LOG_LEVEL: 'info', OUTBOUND_ALLOWED_CIDRS: '127.0.0.0/8' },
});
const stub = await startServer('stub.ts', [], loadCore);
const folder = join(import.meta.dirname, '../.data/bench');
const contestants: Contestant[] = [];
try {
  contestants.push(await startKoa(stub.url));
  contestants.push(...Object.values(await useSwitchyard(stack, `${stub.url}/`)));
  const nginx = await startNginx(stub.url, join(folder, 'nginx'));
  if (nginx) contestants.push(nginx);
  else process.stdout.write('nginx is not installed: left out\n');
  contestants.push(await progress.step('Fetching Portkey', () => startPortkey(stub.url, join(folder, 'portkey'))));
  await report('gateway', await measure());
} finally {
  for (const contestant of contestants) await contestant.stop();
  stub.child.kill();
  await stack.stop();
}

async function measure(): Promise<Figure[]> {
  return (await inTurn(chosen, ([, part]) => part())).flat();
}

/** One after the other: side by side they would measure each other. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/**
 * Medians of some rounds in which all take turns, so that a slow minute of the machine is everybody's. Each stands
 * beside its ratio to that of the bare Koa proxy.
 */
async function compare(
  title: string,
  read: (contestant: Contestant) => Promise<Readings>,
  times = { warmUpTurns, rounds },
): Promise<Figure[]> {
  return progress.step(`Measuring ${title}`, async () => {
    for (const contestant of contestants) await warmUp(contestant, read, times.warmUpTurns);
    const found = new Map<string, Readings[]>();
    for (let round = 0; round < times.rounds; round += 1) {
      for (const contestant of contestants) {
        found.set(contestant.name, [...(found.get(contestant.name) ?? []), await read(contestant)]);
      }
    }
    const medianOf = (name: string, measure: Measure) =>
      median((found.get(name) ?? []).map((readings) => readings[measure] ?? Number.NaN));
    return [...found].flatMap(([name, [first = {}]]) =>
      (Object.keys(first) as Measure[]).map((measure) => {
        const what = `${name}: ${measure}`;
        const value = medianOf(name, measure);
        const ratio = value / medianOf('koa + undici', measure);
        return { what, value, unit: units[measure], ratio, ...(goals[what] !== undefined && { goal: goals[what] }) };
      }),
    );
  });
}

/** What runs for the first time is compiled while it runs, and again when something of another kind has run. */
async function warmUp(contestant: Contestant, turn: (contestant: Contestant) => Promise<unknown>, turns: number) {
  await calls(contestant);
  await streams(contestant, pacedStreams);
  for (let left = turns; left > 0; left -= 1) await turn(contestant);
}

function target({ url, headers, model }: Contestant) {
  return { url, headers, model };
}

async function callCost(contestant: Contestant): Promise<Readings> {
  const before = cpuSeconds(contestant.pid);
  const { completed, failed, elapsedMs } = await calls(contestant);
  if (failed > 0) throw new Error(`${contestant.name}: ${failed} calls failed`);
  const cpu = cpuSeconds(contestant.pid) - before;
  return { 'µs of CPU per call': (cpu / completed) * 1e6, 'calls per second': completed / (elapsedMs / 1_000) };
}

function calls(contestant: Contestant) {
  return load({ ...target(contestant), mode: 'calls', durationMs: callMs, tokens: 0, connections }, loadCore);
}

async function eventCost(contestant: Contestant): Promise<Readings> {
  const before = cpuSeconds(contestant.pid);
  const { events, failed } = await streams(contestant, pacedStreams);
  if (failed > 0) throw new Error(`${contestant.name}: ${failed} streams failed`);
  return { 'µs of CPU per event': ((cpuSeconds(contestant.pid) - before) / events) * 1e6 };
}

function streams(contestant: Pick<Contestant, 'url' | 'headers' | 'model'>, count: number) {
  const { url, headers, model } = contestant;
  const options = {
    url,
    headers,
    model,
    mode: 'streams' as const,
    durationMs: 0,
    tokens: pacedTokens,
    connections: count,
  };
  return load(options, loadCore);
}

async function idleCost(contestant: Contestant): Promise<Readings> {
  const options = { ...target(contestant), durationMs: 0, tokens: 0, connections: idleStreams };
  const before = residentKiB(contestant.pid);
  const release = await hold(options, loadCore);
  const held = residentKiB(contestant.pid);
  await release();
  return { 'kB per idle stream': ((held - before) * 1.024) / idleStreams };
}

/** How much later a token comes through the gateway than straight from the stub, at so many streams. */
async function delays(contestant: Contestant): Promise<Figure[]> {
  const figures: Figure[] = [];
  await warmUp(contestant, () => streams(contestant, pacedStreams), warmUpTurns);
  for (const count of [100, 200, 250, 300, 400]) {
    const direct = await streams({ ...target(contestant), url: `${stub.url}/v1/chat/completions` }, count);
    const through = await streams(contestant, count);
    const what = `${contestant.name}: p99 added delay at ${count} streams`;
    const addedMs = through.delayP99Ms - direct.delayP99Ms;
    figures.push({ what, value: through.failed > 0 ? Number.NaN : addedMs, unit: 'ms', goal: '< 5' });
    if (through.failed > 0 || addedMs > 50) break;
  }
  return figures;
}
