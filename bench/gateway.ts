/**
 * `npm run bench -- gateway`: what a call on a model costs in the gateway itself, in one run beside a bare Koa + undici
 * proxy, nginx and Portkey's gateway, all in front of the same stub. Each gateway has one core; load and stub have the
 * other. Processor time is read from /proc.
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

const goals: Record<string, string> = {
  'switchyard: µs of CPU per call': '<= 2 x koa, <= 0.2 x portkey',
  'switchyard: µs of CPU per event': '<= 1.5 x koa',
  'switchyard, translated: µs of CPU per event': '<= 50 µs',
  'switchyard: kB per idle stream': '<= 100 kB',
};

/** `npm run bench -- gateway calls events` measures those alone. */
const parts = {
  calls: async () => table('µs of CPU per call', await costs('calls', callCost), 'µs'),
  events: async () => table('µs of CPU per event', await costs('events', eventCost), 'µs'),
  memory: async () => table('kB per idle stream', await costs('memory', idleCost, { warmUpTurns: 0, rounds: 1 }), 'kB'),
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

/** Each figure beside its ratio to the bare Koa proxy. */
function table(what: string, values: ReadonlyMap<string, number>, unit: string): Figure[] {
  const floor = values.get('koa + undici') ?? Number.NaN;
  return [...values].map(([name, value]) => {
    const title = `${name}: ${what}`;
    return {
      what: title,
      value,
      unit,
      ratio: value / floor,
      ...(goals[title] !== undefined && { goal: goals[title] }),
    };
  });
}

type Cost = (contestant: Contestant) => Promise<number>;

/** The median of some rounds in which all take turns, so that a slow minute of the machine is everybody's. */
async function costs(title: string, costOf: Cost, times = { warmUpTurns, rounds }): Promise<Map<string, number>> {
  return progress.step(`Measuring ${title}`, async () => {
    for (const contestant of contestants) await warmUp(contestant, costOf, times.warmUpTurns);
    const found = new Map<string, number[]>();
    for (let round = 0; round < times.rounds; round += 1) {
      for (const contestant of contestants) {
        found.set(contestant.name, [...(found.get(contestant.name) ?? []), await costOf(contestant)]);
      }
    }
    return new Map([...found].map(([name, values]) => [name, median(values)]));
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

async function callCost(contestant: Contestant): Promise<number> {
  const before = cpuSeconds(contestant.pid);
  const { completed, failed } = await calls(contestant);
  if (failed > 0) throw new Error(`${contestant.name}: ${failed} calls failed`);
  return ((cpuSeconds(contestant.pid) - before) / completed) * 1e6;
}

function calls(contestant: Contestant) {
  return load({ ...target(contestant), mode: 'calls', durationMs: callMs, tokens: 0, connections }, loadCore);
}

async function eventCost(contestant: Contestant): Promise<number> {
  const before = cpuSeconds(contestant.pid);
  const { events, failed } = await streams(contestant, pacedStreams);
  if (failed > 0) throw new Error(`${contestant.name}: ${failed} streams failed`);
  return ((cpuSeconds(contestant.pid) - before) / events) * 1e6;
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

async function idleCost(contestant: Contestant): Promise<number> {
  const options = { ...target(contestant), durationMs: 0, tokens: 0, connections: idleStreams };
  const before = residentKiB(contestant.pid);
  const release = await hold(options, loadCore);
  const held = residentKiB(contestant.pid);
  await release();
  return ((held - before) * 1.024) / idleStreams;
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
