import { Counter, Histogram, type Registry } from 'prom-client';
import type { UsageRecord } from '../../core/billing/usage-record.ts';
import type { Metrics } from '../../core/metrics.ts';
import { boundedLabels } from './bounded-labels.ts';

/** OpenTelemetry's conventions for generative AI as of May 2026, which are still in development: names stand here only. */
const names = {
  duration: 'gen_ai_client_operation_duration_seconds',
  firstChunk: 'gen_ai_client_operation_time_to_first_chunk_seconds',
  tokens: 'gen_ai_client_token_usage',
} as const;
const secondsBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const tokenBuckets = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];
/** Each is some fifty series. */
const maxModels = 40;
const maxOperations = 12;

const labelNames = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;

/** What calls on models take and consume, by operation, vendor and model. */
export function createModelMetrics(registry: Registry): Pick<Metrics, 'modelCalled'> {
  const registers = [registry];
  const modelOf = boundedLabels(maxModels);
  const operationOf = boundedLabels(maxOperations);
  const duration = new Histogram({
    name: names.duration,
    help: 'How long calls on models take.',
    labelNames: [...labelNames, 'error_type'],
    buckets: secondsBuckets,
    registers,
  });
  const firstChunk = new Histogram({
    name: names.firstChunk,
    help: 'From the start of a streamed call to the first part of its answer.',
    labelNames,
    buckets: secondsBuckets,
    registers,
  });
  const tokens = new Histogram({
    name: names.tokens,
    help: 'Tokens of calls on models.',
    labelNames: [...labelNames, 'gen_ai_token_type'],
    buckets: tokenBuckets,
    registers,
  });
  const cost = new Counter({
    name: 'gateway_cost_micros_total',
    help: 'What calls cost by the prices of their models, in millionths.',
    labelNames,
    registers,
  });

  return {
    modelCalled(record) {
      const labels = {
        gen_ai_operation_name: operationOf(record.endpoint ?? 'internal'),
        gen_ai_provider_name: record.provider?.vendor ?? 'none',
        gen_ai_request_model: modelOf(record.router.name),
      };
      duration.observe({ ...labels, error_type: errorTypeOf(record) }, record.latencyMs / 1_000);
      if (record.ttftMs !== null) firstChunk.observe(labels, record.ttftMs / 1_000);
      const { promptTokens, completionTokens } = record.usage;
      if (promptTokens > 0) tokens.observe({ ...labels, gen_ai_token_type: 'input' }, promptTokens);
      if (completionTokens > 0) tokens.observe({ ...labels, gen_ai_token_type: 'output' }, completionTokens);
      if (record.bill.costMicros > 0) cost.inc(labels, record.bill.costMicros);
    },
  };
}

/** Empty for a call that was answered. */
function errorTypeOf({ status }: UsageRecord): string {
  if (status < 400) return '';
  return status < 500 ? '4xx' : '5xx';
}
