import { z } from 'zod';
import { type JobWebhook, webhookPayloads } from '../../core/webhook.ts';
import { endOfJob, eventPatterns, jobEventPatterns } from '../../core/webhooks/filter.ts';

const maxUrlLength = 2_048;
const maxDescriptionLength = 512;

/** What endpoints of an account and URLs of jobs have in common. */
export const receiverFields = {
  url: z.string().max(maxUrlLength).describe('An https address. It is checked again at each call.'),
  events: filterOf(eventPatterns),
  payload: z
    .enum(webhookPayloads)
    .describe(
      '`full` brings the result if it has at most 256 KiB and is no file; otherwise there is its `result_url`.',
    ),
  description: z.string().max(maxDescriptionLength).nullable(),
};

const { url, payload } = receiverFields;

const whole = z.strictObject({
  url,
  events: filterOf(jobEventPatterns).default([...endOfJob]),
  payload: payload.default('thin'),
});

/** The URL alone stands for a webhook that is told how the job ended. */
export const jobWebhook = z
  .union([url, whole])
  .transform((given): JobWebhook => (typeof given === 'string' ? whole.parse({ url: given }) : given))
  .describe('Whom to tell of this job; signed with the default secret of the account.');

function filterOf(patterns: readonly string[]) {
  return z
    .array(z.string().refine((text) => patterns.includes(text), { error: `Expected one of ${patterns.join(', ')}.` }))
    .min(1)
    .max(patterns.length)
    .describe('Types of events, `job.*` for those of a subject, `*` for all but `job.progress`.');
}
