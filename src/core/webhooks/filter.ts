import { type JobStatus, terminalStatuses } from '../job.ts';

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

/** What the URL of a job is sent that names no filter: how the job ended, in its own words and in those of its door. */
export const endOfJob: readonly string[] = [
  ...terminalStatuses.map((status) => `job.${status}`),
  'response.*',
  'batch.*',
];

/** Goes to the endpoint that is tested and to no other, whatever they take. */
const onlyOnRequest = 'endpoint.test' satisfies WebhookEventType;

const subscribable = webhookEventTypes.filter((type) => type !== onlyOnRequest);

/** What a filter is a list of: a type, the types of a subject (`job.*`), or all (`*`). */
export const eventPatterns: readonly string[] = [
  '*',
  ...new Set(subscribable.map((type) => `${type.slice(0, type.indexOf('.'))}.*`)),
  ...subscribable,
];

/** The same for the URL of a job, which is told of nothing else. */
export const jobEventPatterns: readonly string[] = eventPatterns.filter((pattern) => !pattern.startsWith('endpoint.'));

/** There can be hundreds of these per job, so no pattern means them: they are for those who name them. */
const onlyByName = 'job.progress' satisfies WebhookEventType;

/** Whether a receiver with this filter is sent events of `type`. */
export function takes(filter: readonly string[], type: string): boolean {
  if (type === onlyOnRequest) return false;
  return filter.some((pattern) => pattern === type || (type !== onlyByName && matches(pattern, type)));
}

function matches(pattern: string, type: string): boolean {
  return pattern === '*' || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));
}

/** Whether events of `type` tell how something ended: receivers get what came before it first. */
export function tellsOfEnd(type: string): boolean {
  return !/^endpoint\.|\.(?:queued|started|progress)$/.test(type);
}

/**
 * Whether `type` is the message about the end, `status`, of a job whose way the job shows. Of two about the same end it
 * is the one in the job's own words; that in the words of its door where the URL with this filter does not take those.
 */
export function isShownEnd(filter: readonly string[], status: JobStatus, type: string): boolean {
  const own = `job.${status}`;
  return type === own || (tellsOfEnd(type) && !takes(filter, own));
}

/** What is soon out of date is sent once and not again; everything else is retried. */
export function isRetried(type: string): boolean {
  return type !== onlyByName;
}

/** Types that nobody means who asks for everything once more that was given up: out of date by then, or a test. */
export const leftOutOfReplays: readonly string[] = [onlyByName, onlyOnRequest];
