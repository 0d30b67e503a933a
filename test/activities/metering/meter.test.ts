import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMeter } from '../../../src/activities/metering/meter.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { createTestMeter } from '../../helpers/metering.ts';
import { noMetrics } from '../../helpers/metrics.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';

const provider = buildProvider({ id: 12, vendor: 'openai', modelName: 'gpt', activeParams: 8, totalParams: 8 });
const router = buildRouter({
  id: 4,
  name: 'chat-model',
  type: 'text-generation',
  promptPriceMicros: 2_000_000,
  completionPriceMicros: 6_000_000,
  providers: [provider],
});
const call = buildUserCall({ userId: 7, keyId: 3 }, { requestId: 'req_9', operation: 'POST /v1/chat/completions' });
const usage = usageOf({ promptTokens: 100, completionTokens: 50 });

function begin(sent: readonly string[] = ['sixteen letters.']) {
  const { meter, records } = createTestMeter();
  return { measurement: meter.begin(router, call, () => sent), records };
}

describe('the record of a call', () => {
  it('says who called what, who served it and what it consumed and cost', () => {
    const { measurement, records } = begin();
    const bill = measurement.end({ status: 200, provider, usage });
    const [record] = records;
    assert.ok(record);
    const { id, latencyMs, ...rest } = record;
    assert.match(id, /^use_\w+_[0-9a-f-]{36}$/);
    assert.ok(Number.isInteger(latencyMs) && latencyMs >= 0);
    assert.deepEqual(rest, {
      createdAt: 1_700_000_000_000,
      ownerId: 7,
      keyId: 3,
      requestId: 'req_9',
      attempt: 1,
      unit: null,
      method: 'POST',
      endpoint: '/v1/chat/completions',
      router: { id: 4, name: 'chat-model' },
      provider: { id: 12, vendor: 'openai', modelName: 'gpt' },
      status: 200,
      usage,
      bill,
      ttftMs: null,
    });
    assert.deepEqual([bill.costMicros, bill.requests], [500, 1]);
  });

  it('is written once, however often the call ends', () => {
    const { measurement, records } = begin();
    const first = measurement.end({ status: 200, provider, usage });
    const second = measurement.end({ status: 502, provider: null, usage: null });
    assert.equal(records.length, 1);
    assert.equal(second, first);
  });

  it('has the time of the first part', () => {
    const { measurement, records } = begin();
    measurement.firstPart();
    measurement.end({ status: 200, provider, usage });
    assert.ok(records[0]?.ttftMs !== null);
  });

  it('costs its tokens although nothing is known of the emissions', () => {
    const { measurement } = begin();
    const unknown = buildProvider({ hostingZone: 'ATA' });
    const bill = measurement.end({ status: 200, provider: unknown, usage });
    assert.equal(bill.costMicros, 500);
    assert.deepEqual(bill.carbon.kWh, { min: 0, max: 0 });
  });

  it('consumes nothing when the call failed before anything came', () => {
    const { measurement, records } = begin();
    measurement.end({ status: 502, provider, usage: null });
    assert.deepEqual([records[0]?.usage, records[0]?.bill.costMicros], [usageOf({}), 0]);
  });

  it('consumes nothing when the call failed before its caller had anything, whatever came and was told', () => {
    for (const told of [null, usage]) {
      const { measurement, records } = begin();
      measurement.received('held back');
      measurement.receivedFrames(3);
      measurement.end({ status: 502, provider, usage: told });
      assert.deepEqual([records[0]?.usage, records[0]?.bill.costMicros], [usageOf({}), 0]);
    }
  });

  it('consumes what the vendor says when the call failed after its caller had something', () => {
    const { measurement, records } = begin();
    measurement.handedOn();
    measurement.end({ status: 502, provider, usage });
    assert.deepEqual(records[0]?.usage, usage);
  });

  it('is that of the provider that was asked last, and not of what another had said', (t) => {
    let now = 1_000;
    t.mock.method(performance, 'now', () => now);
    const { measurement, records } = begin();
    measurement.startOver();
    measurement.received('what is lost');
    measurement.receivedFrames(3);
    measurement.startOver();
    now += 250;
    measurement.received('four');
    measurement.end({ status: 200, provider, usage: null });
    assert.deepEqual(records[0]?.usage, usageOf({ promptTokens: 4, completionTokens: 1, estimated: true }));
    assert.equal(records[0]?.ttftMs, 250);
  });

  it('is of nobody in particular for work of our own', () => {
    const { meter, records } = createTestMeter();
    meter.begin(router, buildUserCall({}, { operation: null }), () => []).end({ status: 200, provider, usage });
    assert.deepEqual([records[0]?.method, records[0]?.endpoint], [null, null]);
  });
});

describe('usage that the vendor does not give', () => {
  it('is estimated from what was sent and received when an answer broke off', () => {
    const { measurement, records } = begin();
    measurement.received('eight by');
    measurement.received('te');
    measurement.handedOn();
    measurement.end({ status: 502, provider, usage: null });
    assert.deepEqual(records[0]?.usage, usageOf({ promptTokens: 4, completionTokens: 3, estimated: true }));
  });

  it('is estimated when the caller gave up while the model was reading', () => {
    const { measurement, records } = begin();
    measurement.end({ status: 499, provider, usage: null });
    assert.deepEqual(records[0]?.usage, usageOf({ promptTokens: 4, estimated: true }));
  });

  it('is nothing when the caller gave up before anybody was asked', () => {
    const { measurement, records } = begin();
    measurement.end({ status: 499, provider: null, usage: null });
    assert.deepEqual(records[0]?.usage, usageOf({}));
  });

  it('is estimated where it says that no prompt was read', () => {
    const { measurement } = begin();
    assert.deepEqual(measurement.usageOr(usageOf({})), usageOf({ promptTokens: 4, estimated: true }));
    assert.deepEqual(measurement.usageOr(usage), usage);
  });

  it('does not look at what was sent where the vendor gives it', () => {
    const { meter, records } = createTestMeter();
    const measurement = meter.begin(router, call, () => assert.fail('the texts were read'));
    measurement.end({ status: 200, provider, usage: measurement.usageOr(usage) });
    assert.equal(records.length, 1);
  });
});

describe('a call that cannot be recorded', () => {
  it('does not begin', () => {
    const meter = createMeter({
      ledger: {
        append: () => assert.fail('a record was written'),
        assertAccepting: () => {
          throw new GatewayError('unavailable', 'No room.');
        },
      },
      tokens: { count: () => 0 },
      clock: { now: () => 0 },
      metrics: noMetrics,
    });
    assert.throws(() => meter.begin(router, call, () => []), { code: 'unavailable' });
  });
});
