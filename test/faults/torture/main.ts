/**
 * `npm run test:faults -- --kills N [--seed S] [--minutes M] [--lanes L]`: exits with 0 when every invariant held. With
 * `--minutes` it stops killing then, however many there were; what they prove is said by their number.
 */
import { parseArgs } from 'node:util';
import { LauncherError, runMain } from '../../../engines/launcher-error.ts';
import { describeResult } from './report.ts';
import { torture } from './torture.ts';

const sayEveryMs = 15_000;

function readWhole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new LauncherError(`--${name} is "${text}"`, 'It must be a whole number above 0.');
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      faults: { type: 'boolean' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      lanes: { type: 'string' },
      minutes: { type: 'string' },
    },
  });
  const kills = readWhole('kills', values.kills ?? '1000');
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : readWhole('seed', values.seed);
  process.stdout.write(`${kills} kills, seed ${seed}\n`);
  const startedAt = Date.now();
  let saidAt = 0;
  const result = await torture({
    kills,
    seed,
    ...(values.minutes !== undefined && { maxMs: readWhole('minutes', values.minutes) * 60_000 }),
    ...(values.lanes !== undefined && { lanes: readWhole('lanes', values.lanes) }),
    say(text) {
      if (text.includes('killed') && Date.now() - saidAt < sayEveryMs) return;
      saidAt = Date.now();
      process.stdout.write(`${String(Math.round((saidAt - startedAt) / 1_000)).padStart(5)} s  ${text}\n`);
    },
  });
  process.stdout.write(`\n${describeResult(result)}\n`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
});
// Callers of a run that broke off would insist on their answers for minutes.
process.exit();
