import { z } from 'zod';
import { type WebhookEventType, webhookEventTypes } from '../../core/webhooks/filter.ts';
import { time } from './fields.ts';

/** What a thin message that would have more than 4 KiB leaves out. */
const omitted = z.array(z.string()).optional().describe('What was left out, because the message would be too long.');

const resultUrl = z.string().optional();
const result = z
  .object({ status_code: z.int(), headers: z.record(z.string(), z.string()), body: z.unknown() })
  .optional()
  .describe('In a `full` message, if it has at most 256 KiB.');

/** The `data` of each subject. */
const data: Record<string, z.ZodType> = {
  job: z
    .object({
      id: z.string(),
      object: z.literal('job'),
      sequence_number: z.int().describe('Drop what is older than you have seen: messages may come in any order.'),
      status: z.string(),
      endpoint: z.string(),
      model: z.string().nullable(),
      retried_from: z.string().nullable(),
      progress: z.unknown().optional(),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
      result_url: resultUrl,
      result,
      metadata: z.record(z.string(), z.string()),
      omitted,
    })
    .meta({ id: 'WebhookJobData' }),
  response: doorData('Of the response: `resp_…`.'),
  batch: doorData('Of the batch: `batch_…`.'),
  endpoint: z
    .object({
      id: z.string(),
      object: z.literal('webhook.endpoint'),
      url: z.string(),
      disabled_reason: z.string().optional(),
      omitted,
    })
    .meta({ id: 'WebhookEndpointData' }),
};

/** The `id` alone, as OpenAI has it; the rest is in `full` messages only. */
function doorData(id: string) {
  return z.object({ id: z.string().describe(id), result_url: resultUrl, result });
}

/** What receivers are sent, by type of event. */
export const webhookMessages: Record<string, z.ZodType> = Object.fromEntries(
  webhookEventTypes.map((type) => [type, messageOf(type)]),
);

function messageOf(type: WebhookEventType) {
  const [subject = ''] = type.split('.');
  return z.object({
    id: z.string().describe('The `webhook-id`: the same however often the message is sent.'),
    object: z.literal('event'),
    type: z.literal(type),
    created_at: time,
    timestamp: z.iso.datetime(),
    data: data[subject] ?? z.unknown(),
  });
}
