/**
 * `npm run bench -- short-calls`: what it costs to run short calls in a worker, beside the same calls inline: latency one
 * at a time, and calls per second and processor time (API and worker together) with several at once.
 */
import { createProgress } from '../engines/progress.ts';
import { startStack } from '../engines/stack.ts';
import { useSwitchyard } from './gateway/contestants.ts';
import { cpuSeconds, load, startServer } from './gateway/processes.ts';
import { type Figure, report } from './report.ts';

const loadCore = 1;
const durationMs = 8_000;
const connections = 16;

interface Cost {
  latencyMs: number;
  perSecond: number;
  cpuMicros: number;
}

const inline = await measure('inline');
const worker = await measure('worker');
await report('short-calls', [
  ...figures('one at a time', 'ms', (cost) => cost.latencyMs),
  ...figures(`${connections} at once`, '/s', (cost) => cost.perSecond),
  ...figures('CPU per call', 'µs', (cost) => cost.cpuMicros),
]);

function figures(what: string, unit: string, of: (cost: Cost) => number): Figure[] {
  return [
    { what: `inline: ${what}`, value: of(inline), unit },
    { what: `in a worker: ${what}`, value: of(worker), unit, ratio: of(worker) / of(inline) },
  ];
}

async function measure(where: 'inline' | 'worker'): Promise<Cost> {
  const progress = createProgress();
  const stack = await startStack({
    name: `bench-short-calls-${where}`,
    workers: 1,
    progress,
    environment: { SHORT_CALLS: where, LOG_LEVEL: 'info', OUTBOUND_ALLOWED_CIDRS: '127.0.0.0/8' },
  });
  const stub = await startServer('stub.ts', [], loadCore);
  try {
    const { relayed } = await useSwitchyard(stack, `${stub.url}/`);
    const { url, headers, model } = relayed;
    const pids = [stack.api, ...stack.workers].map(({ child }) => child.pid);
    const used = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
    const calls = (count: number) =>
      load({ url, headers, model, mode: 'calls', durationMs, tokens: 0, connections: count }, loadCore);
    return await progress.step(`Measuring calls ${where}`, async () => {
      await calls(connections);
      const alone = await calls(1);
      const before = used();
      const many = await calls(connections);
      if (alone.failed + many.failed > 0) throw new Error('calls failed');
      return {
        latencyMs: alone.elapsedMs / alone.completed,
        perSecond: many.completed / (many.elapsedMs / 1_000),
        cpuMicros: ((used() - before) / many.completed) * 1e6,
      };
    });
  } finally {
    stub.child.kill();
    await stack.stop();
  }
}
