import type { IncomingMessage } from 'node:http';
import { assertThat } from '../../core/errors.ts';
import type { JobWebhook } from '../../core/webhook.ts';
import { endOfJob } from '../../core/webhooks/filter.ts';

const header = 'webhook-url';

/** Whom to tell of the end of a call that runs as a job: `Webhook-URL`. Null when there is none. */
export function webhookOf(req: IncomingMessage): JobWebhook | null {
  const values = req.headersDistinct[header] ?? [];
  const [url] = values;
  if (url === undefined) return null;
  assertThat(values.length === 1, 'invalid_request', 'Webhook-URL must be given once.', { param: header });
  return { url, events: [...endOfJob], payload: 'thin' };
}

/** Nobody is told of a call that is answered at once, so whoever asks for that has misunderstood. */
export function assertNoWebhook(webhook: JobWebhook | null): void {
  assertThat(
    webhook === null,
    'invalid_request',
    "Webhook-URL is for calls that run as jobs: send it with 'Prefer: respond-async' to an endpoint that can.",
    { param: header },
  );
}
