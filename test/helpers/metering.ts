import { createMeter, type Meter } from '../../src/activities/metering/meter.ts';
import type { UsageRecord } from '../../src/core/billing/usage-record.ts';
import { noMetrics } from './metrics.ts';

/** A meter whose records the test can read; four letters are a token. */
export function createTestMeter(): { meter: Meter; records: UsageRecord[] } {
  const records: UsageRecord[] = [];
  const meter = createMeter({
    ledger: { append: (record) => void records.push(record), assertAccepting: () => undefined },
    tokens: { count: (text) => Math.ceil(text.length / 4) },
    clock: { now: () => 1_700_000_000_000 },
    metrics: noMetrics,
  });
  return { meter, records };
}
