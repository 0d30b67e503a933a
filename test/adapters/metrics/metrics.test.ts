import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import type { OpenJobCounts } from '../../../src/core/metrics.ts';
import { buildRecord } from '../../helpers/usage.ts';

const maxSeries = 5_000;
const noJobs: OpenJobCounts = { queued: 0, in_progress: 0, cancelling: 0 };
const create = (countOpenJobs = async () => noJobs) => createMetrics({ countOpenJobs });

/** The lines that are figures, by name and labels. */
async function seriesOf({ registry }: ReturnType<typeof create>): Promise<Map<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('the figures of a process', () => {
  it('stay below the bound however many models, operations and providers there are', async () => {
    const created = create();
    for (let index = 0; index < 10_000; index += 1) {
      created.metrics.modelCalled(
        buildRecord({ router: { id: index, name: `model-${index}` }, endpoint: `/v1/${index % 500}` }),
      );
    }
    created.metrics.watchUpstreams(() =>
      Array.from({ length: 10_000 }, (_, index) => ({
        provider: `openai-${index}`,
        breaker: 'closed' as const,
        concurrencyLimit: index,
      })),
    );
    const series = await seriesOf(created);
    assert.ok(series.size <= maxSeries, `${series.size} series`);
    const others = [...series.keys()].filter((name) => name.includes('gen_ai_request_model="other"'));
    assert.notEqual(others.length, 0);
  });

  it('name no caller', async () => {
    const created = create();
    created.metrics.modelCalled(buildRecord({ ownerId: 987_654, keyId: 876_543, requestId: 'req_of_somebody' }));
    assert.doesNotMatch(await created.registry.metrics(), /987654|876543|req_of_somebody/);
  });

  it('tell how long jobs wait and run, and how their tries end', async () => {
    const created = create();
    created.metrics.jobDispatched(40);
    created.metrics.jobBegan(400);
    created.metrics.jobAttempted('failed');
    created.metrics.jobAttempted('completed');
    created.metrics.jobEnded(2_000);
    const series = await seriesOf(created);
    assert.equal(series.get('gateway_dispatch_lag_seconds_sum'), 0.04);
    assert.equal(series.get('gateway_job_queue_seconds_sum'), 0.4);
    assert.equal(series.get('gateway_job_run_seconds_sum'), 2);
    assert.equal(series.get('gateway_job_attempts_total{outcome="failed"}'), 1);
    assert.equal(series.get('gateway_job_attempts_total{outcome="completed"}'), 1);
    assert.equal(series.get('gateway_job_attempts_total{outcome="expired"}'), 0);
  });

  it('tell of webhooks: tries by outcome, and the delay of those that arrived', async () => {
    const created = create();
    created.metrics.webhookAttempted('timeout');
    created.metrics.webhookAttempted('delivered');
    created.metrics.webhookFirstTried(1_500);
    const series = await seriesOf(created);
    assert.equal(series.get('gateway_webhook_attempts_total{outcome="timeout"}'), 1);
    assert.equal(series.get('gateway_webhook_attempts_total{outcome="delivered"}'), 1);
    assert.equal(series.get('gateway_webhook_delay_seconds_sum'), 1.5);
  });

  it('tell what calls on models consumed and cost', async () => {
    const created = create();
    created.metrics.modelCalled(buildRecord());
    const series = await seriesOf(created);
    const labels =
      'gen_ai_operation_name="/v1/chat/completions",gen_ai_provider_name="openai",gen_ai_request_model="model"';
    assert.equal(series.get(`gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="input"}`), 10);
    assert.equal(series.get(`gen_ai_client_token_usage_sum{${labels},gen_ai_token_type="output"}`), 5);
    assert.equal(series.get(`gateway_cost_micros_total{${labels}}`), 25);
    assert.equal(series.get(`gen_ai_client_operation_time_to_first_chunk_seconds_sum{${labels}}`), 0.04);
  });

  it('show a breaker that is open, and a limit only where one is known', async () => {
    const created = create();
    created.metrics.watchUpstreams(() => [
      { provider: 'openai-1', breaker: 'open', concurrencyLimit: 5 },
      { provider: 'openai-2', breaker: 'closed', concurrencyLimit: null },
    ]);
    const series = await seriesOf(created);
    assert.equal(series.get('gateway_breaker_state{provider="openai-1"}'), 1);
    assert.equal(series.get('gateway_breaker_state{provider="openai-2"}'), 0);
    assert.equal(series.get('gateway_upstream_concurrency_limit{provider="openai-1"}'), 5);
    assert.equal(series.has('gateway_upstream_concurrency_limit{provider="openai-2"}'), false);
  });
});

describe('the count of open jobs', () => {
  it('is asked of the store once for readers that come together', async () => {
    let asked = 0;
    const created = create(async () => {
      asked += 1;
      return { queued: 3, in_progress: 2, cancelling: 0 };
    });
    await created.registry.metrics();
    const series = await seriesOf(created);
    assert.equal(asked, 1);
    assert.equal(series.get('gateway_jobs{status="queued"}'), 3);
    assert.equal(series.get('gateway_jobs{status="in_progress"}'), 2);
  });

  it('is left out while the store is away, and asked for again', async () => {
    let asked = 0;
    const created = create(async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return noJobs;
    });
    assert.equal((await seriesOf(created)).has('gateway_jobs{status="queued"}'), false);
    assert.equal((await seriesOf(created)).get('gateway_jobs{status="queued"}'), 0);
  });
});
