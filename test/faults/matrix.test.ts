/** Rows of the fault matrix one at a time, each under the same mixed load and before the same judge as the torture run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseSeed } from '../helpers/stack.ts';
import {
  acceptsWithoutTemporal,
  type Criterion,
  goesOnWithoutIndex,
  isHealthyWithSlowStore,
} from './torture/criteria.ts';
import type { LoadOptions } from './torture/load/load.ts';
import type { Plan } from './torture/nemesis.ts';
import { describeResult } from './torture/report.ts';
import { type TortureResult, torture } from './torture/torture.ts';

interface Row {
  name: string;
  plan: Plan;
  mix?: LoadOptions['mix'];
  /** What is special about the row, beside the invariants. */
  also?(result: TortureResult): void;
  demands?: Criterion;
}

const storeLinks = ['api-mongodb', 'worker-mongodb'] as const;
const engineLinks = ['api-temporal', 'worker-temporal'] as const;
const indexLinks = ['api-elasticsearch', 'worker-elasticsearch'] as const;
const breaking = { weights: { 'break-link': 1 } } as const;

const rows: readonly Row[] = [
  {
    name: 'F1: a worker dies at work, alone or with the other',
    plan: { kills: 8, weights: { 'kill-worker': 3, 'kill-both-workers': 1 } },
  },
  {
    name: 'F3, F4, F5: an API process dies during submissions, streams and calls',
    plan: { kills: 8, weights: { 'kill-api': 3, 'kill-both-apis': 1 } },
  },
  {
    name: 'F6: a worker hangs until others have taken over, and wakes up',
    // One at a time: those that fall into another's time do nothing.
    plan: { acts: 40, weights: { 'freeze-worker': 1 } },
  },
  {
    name: 'F7: every process is asked to end, one after the other, and comes back',
    plan: { acts: 6, weights: { 'restart-process': 1 } },
    also({ nemesis }) {
      assert.ok(nemesis.drainsMs.length > 0);
      assert.ok(
        nemesis.drainsMs.every((ms) => ms !== null && ms <= 30_000),
        nemesis.drainsMs.join(),
      );
    },
  },
  {
    name: 'F8: Temporal is away; jobs are accepted all the same, and start when it is back',
    plan: { kills: 2, weights: { 'kill-temporal': 1 }, awayMs: 10_000 },
    demands: acceptsWithoutTemporal,
  },
  { name: 'F9: Temporal dies and comes back', plan: { kills: 4, weights: { 'kill-temporal': 1 } } },
  {
    name: 'F10: Temporal is slow, resets connections or loses its replies',
    plan: { ...breaking, acts: 8, links: engineLinks, faults: ['latency', 'reset_peer', 'half_open'] },
  },
  { name: 'F11: MongoDB dies under writes and comes back', plan: { kills: 4, weights: { 'kill-mongodb': 1 } } },
  {
    name: 'F12: MongoDB has written and its reply is lost',
    plan: { ...breaking, acts: 10, links: storeLinks, faults: ['half_open'] },
  },
  {
    name: 'F13: MongoDB is slow; health is answered all the same',
    plan: { ...breaking, acts: 8, links: storeLinks, faults: ['latency'] },
    demands: isHealthyWithSlowStore,
  },
  {
    name: 'F15: Elasticsearch cannot be reached; all else goes on, and the index catches up',
    plan: { ...breaking, acts: 30, links: indexLinks, faults: ['down', 'down', 'blackhole'] },
    // Those who wait for a document are many soon, and ask nothing else meanwhile.
    mix: { call: 12, search: 12, batch: 4, document: 1 },
    demands: goesOnWithoutIndex,
  },
  {
    name: 'F27: a receiver has taken a message and its reply is lost',
    plan: { ...breaking, acts: 8, links: ['worker-receiver'], faults: ['half_open', 'limit_data'] },
  },
  { name: 'F39: everything stops at once', plan: { kills: 12, weights: { 'stop-everything': 1 } } },
];

describe('the fault matrix', () => {
  for (const { name, plan, mix = {}, also, demands } of rows) {
    it(name, async (t) => {
      const result = await torture({ ...plan, mix, seed: chooseSeed(), lanes: 8 });
      t.diagnostic(describeResult(result));
      assert.deepEqual(result.violations, []);
      assert.ok(result.state.jobs.length > 0, 'no job was made');
      also?.(result);
      if (demands) assert.deepEqual(demands(result.entries, result.state), []);
    });
  }
});
