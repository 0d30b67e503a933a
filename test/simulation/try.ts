import { simulate } from './simulate.ts';

const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 20);
const t = Date.now();
let steps = 0,
  bad = 0;
const kinds: Record<string, number> = {};
for (let s = from; s < from + n; s++) {
  const r = await simulate(s);
  steps += r.steps;
  if (r.violations.length) {
    bad++;
    if (bad < 4) console.log(s, r.violations.slice(0, 5));
    for (const v of r.violations) {
      const k = v.replace(/job_\w+|key-\d+|\d+/g, '#');
      kinds[k] = (kinds[k] ?? 0) + 1;
    }
  }
}
console.log({ n, bad, steps, ms: Date.now() - t, kinds });
