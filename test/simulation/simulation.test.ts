import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulateDeliveries } from './deliveries.ts';
import { simulate } from './simulate.ts';

const seeds = 1_000;

describe('the simulated system', () => {
  it(`keeps every promise over ${seeds} seeds of crashes, stops, outages, lost answers and wrong clocks`, async (t) => {
    const total = { faults: 0, hours: 0 };
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { violations, faults, simulatedMs } = await simulate(seed);
      assert.deepEqual(violations, [], `replay with: npm run test:simulation -- --seed ${seed}`);
      total.faults += faults;
      total.hours += simulatedMs / 3_600_000;
    }
    t.diagnostic(`${Math.round(total.hours)} simulated hours, ${total.faults} faults`);
  });

  it('does the same again for the same seed', async () => {
    assert.deepEqual(await simulate(4_711), await simulate(4_711));
  });

  it(`delivers every webhook to a receiver that recovers, over ${seeds} seeds`, () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      assert.deepEqual(simulateDeliveries(seed), [], `seed ${seed}`);
    }
  });
});
