import { z } from 'zod';
import { toAmount } from '../../core/billing/bill.ts';
import type { NamedUsageRecord } from '../../core/billing/usage-record.ts';
import { endpoint } from '../../core/endpoint.ts';
import { decimal, listOf, toList, toMilliseconds, toSeconds, window } from './fields.ts';

/** S4's, and those that call models beside them. */
const meteredPaths = [
  '/v1/audio/transcriptions',
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/documents',
  '/v1/embeddings',
  '/v1/ocr',
  '/v1/rerank',
  '/v1/responses',
  '/v1/search',
] as const;

const range = z.object({ min: z.number(), max: z.number() });
const time = decimal(z.int().nonnegative()).optional();

const usageRecord = z.object({
  object: z.literal('me.usage'),
  model: z.string().describe('The name of the model, whatever alias the call used.'),
  key: z.string().nullable().describe('The name of the key.'),
  endpoint: z.string().nullable().describe('The path, with {names} for its parameters.'),
  method: z.string().nullable(),
  status: z.int(),
  usage: z.object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
    cost: z.number(),
    carbon: z.object({ kWh: range, kgCO2eq: range }),
    metrics: z.object({
      latency: z.int().describe('Milliseconds.'),
      ttft: z.int().nullable().describe('Milliseconds to the first part, of a call whose answer comes in parts.'),
    }),
  }),
  created: z.int(),
  request_id: z.string(),
  estimated: z.boolean().describe('The provider gave no number; the tokens were estimated.'),
});

function presentUsageRecord(record: NamedUsageRecord): z.input<typeof usageRecord> {
  const { usage, bill } = record;
  return {
    object: 'me.usage',
    model: record.router.name,
    key: record.keyName,
    endpoint: record.endpoint?.replace(/:(\w+)\+?/g, '{$1}') ?? null,
    method: record.method,
    status: record.status,
    usage: {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.promptTokens + usage.completionTokens,
      cost: toAmount(bill.costMicros),
      carbon: bill.carbon,
      metrics: { latency: record.latencyMs, ttft: record.ttftMs },
    },
    created: toSeconds(record.createdAt),
    request_id: record.requestId,
    estimated: usage.estimated,
  };
}

export const listUsage = endpoint({
  method: 'GET',
  path: '/v1/me/usage',
  permission: 'use',
  summary: 'List your calls on models and what they consumed, the latest first',
  tag: 'Me',
  query: z.object({
    ...window,
    start_time: time.describe('Seconds since the epoch; 30 days ago unless given.'),
    end_time: time.describe('Seconds since the epoch, itself included; now unless given.'),
    endpoint: z.enum(meteredPaths).optional().describe('Only calls of this endpoint.'),
  }),
  response: listOf(usageRecord),
  verb: 'listUsage',
  toCore: (_body, { query }) => ({
    offset: query.offset,
    limit: query.limit,
    from: toMilliseconds(query.start_time),
    to: query.end_time === undefined ? null : query.end_time * 1000 + 999,
    endpoint: query.endpoint ?? null,
  }),
  fromCore: ({ records, total }, _body, { query }) => toList(records.map(presentUsageRecord), total, query),
});
