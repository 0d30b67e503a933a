import { terminalStatuses } from './job.ts';

/** Every type of event that is sent. */
export const webhookEventTypes = [
  'job.queued',
  'job.started',
  'job.progress',
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.expired',
  'response.completed',
  'response.failed',
  'response.cancelled',
  'response.incomplete',
  'batch.completed',
  'batch.failed',
  'batch.cancelled',
  'batch.expired',
  'endpoint.disabled',
  'endpoint.test',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** What an endpoint is sent that names no filter. */
export const allEvents: readonly string[] = ['*'];

/** What the URL of a job is sent that names no filter: how the job ended. */
export const endOfJob: readonly string[] = terminalStatuses.map((status) => `job.${status}`);

/** A type, the types of a subject (`job.*`), or all (`*`). */
export const eventPatterns: readonly string[] = [
  '*',
  ...new Set(webhookEventTypes.map((type) => `${type.slice(0, type.indexOf('.'))}.*`)),
  ...webhookEventTypes,
];

/** There can be hundreds of these per job, so no pattern means them: they are for those who name them. */
const onlyByName = 'job.progress' satisfies WebhookEventType;

/** Whether a receiver with this filter is sent events of `type`. A test goes to whoever asked for it. */
export function takes(filter: readonly string[], type: string): boolean {
  if (type === ('endpoint.test' satisfies WebhookEventType)) return true;
  return filter.some((pattern) => pattern === type || (type !== onlyByName && matches(pattern, type)));
}

function matches(pattern: string, type: string): boolean {
  return pattern === '*' || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));
}

/** What is soon out of date is sent once and not again; everything else is retried. */
export function isRetried(type: string): boolean {
  return type !== onlyByName;
}
