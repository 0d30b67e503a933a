/**
 * `npm run test:simulation -- --seeds 10000` runs that many seeds from `--from` (1) on; `--seed N` replays one and tells
 * what was wrong with it. Ends with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const say = (text: string) => process.stdout.write(`${text}\n`);

const startedAt = Date.now();
const failed: number[] = [];
let faults = 0;
let simulatedMs = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const report = await simulate(seed);
  faults += report.faults;
  simulatedMs += report.simulatedMs;
  if (report.violations.length > 0) {
    failed.push(seed);
    say(`seed ${seed}:\n  ${report.violations.join('\n  ')}`);
  }
  if ((seed - first + 1) % 1_000 === 0) say(`${seed - first + 1} seeds, ${failed.length} failed`);
}
const ratio = Math.round(simulatedMs / (Date.now() - startedAt));
say(`${count} seeds, ${Math.round(simulatedMs / 3_600_000)} simulated hours, ${faults} faults, ${ratio} x real time`);
if (failed.length === 0) {
  say(`0 failed: with 95 % confidence fewer than ${(300 / count).toPrecision(2)} % of such runs break a promise`);
} else {
  say(`${failed.length} failed; replay one with --seed ${failed[0]}`);
  process.exitCode = 1;
}
