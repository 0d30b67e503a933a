import type { UsageRecord } from '../../src/core/billing/usage-record.ts';
import { usageOf } from '../../src/core/usage.ts';

/** A record like any other, but for what the test says; each with an id of its own. */
export function buildRecord(changes: Partial<UsageRecord> = {}): UsageRecord {
  return {
    id: `use_${crypto.randomUUID()}`,
    createdAt: Date.now(),
    ownerId: 7,
    keyId: 3,
    requestId: 'req_1',
    attempt: 1,
    unit: null,
    router: { id: 1, name: 'model' },
    provider: { id: 1, vendor: 'openai', modelName: 'vendor-model' },
    method: 'POST',
    endpoint: '/v1/chat/completions',
    status: 200,
    usage: usageOf({ promptTokens: 10, completionTokens: 5 }),
    bill: {
      costMicros: 25,
      carbon: { kWh: { min: 0.25, max: 0.5 }, kgCO2eq: { min: 0.125, max: 0.25 } },
      requests: 1,
    },
    latencyMs: 120,
    ttftMs: 40,
    ...changes,
  };
}
