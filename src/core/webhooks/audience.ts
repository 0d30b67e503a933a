/** Who is told of an event, and whether it is written down at all. */
import type { JobWebhook, Receiver, WebhookEndpoint, WebhookEvent } from '../webhook.ts';
import { isRetried, takes, webhookEventTypes } from './filter.ts';

export interface Audience {
  /** An endpoint that is disabled may ask for what it missed. What is soon out of date is kept for nobody. */
  isKept: boolean;
  receivers: Receiver[];
}

/** Whether anybody could want to be told of a line of a job's log. */
export function isNews(lineType: string): boolean {
  return (webhookEventTypes as readonly string[]).includes(lineType);
}

/** `endpoints` are all of the owner's; `jobWebhook` that of the job which the event is about. */
export function audienceOf(
  { type }: Pick<WebhookEvent, 'type'>,
  endpoints: readonly WebhookEndpoint[],
  jobWebhook: JobWebhook | null,
): Audience {
  const takers = endpoints.filter(({ events }) => takes(events, type));
  const receivers: Receiver[] = takers
    .filter(({ status }) => status === 'enabled')
    .map(({ id, url, events, payload }) => ({ endpointId: id, url, events, payload }));
  if (jobWebhook && takes(jobWebhook.events, type)) receivers.push({ endpointId: null, ...jobWebhook });
  return { isKept: receivers.length > 0 || (takers.length > 0 && isRetried(type)), receivers };
}
