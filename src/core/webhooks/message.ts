/** From an event to the text that is sent, signed and hashed: exactly these characters, in UTF-8. */
import type { JobResult } from '../job.ts';
import type { WebhookEvent } from '../webhook.ts';
import { tellsOfEnd } from './filter.ts';

export const maxThinBytes = 4 * 1024;
export const maxResultBytes = 256 * 1024;

/** Left out of a message that would be too long, in this order; `omitted` names what is. */
const expendable = ['metadata', 'error', 'progress', 'url', 'model', 'endpoint'] as const;

const encoder = new TextEncoder();

/**
 * The message about `event`. `result` is what a `full` message about the end of a job brings, if it is small enough;
 * else it says with `result_url` where that is. Null for a thin message, and for a result that is not kept any more.
 */
export function renderMessage(event: WebhookEvent, result: JobResult | null): string {
  if (result === null || !tellsOfEnd(event.type)) return renderThin(event, event.data);
  const data = { ...event.data, result_url: `/v1/jobs/${event.jobId}/result` };
  const { statusCode, headers, body, bodyBlob } = result;
  const whole = { status_code: statusCode, headers, body };
  const isBrought = bodyBlob === null && bytesOf(JSON.stringify(whole)) <= maxResultBytes;
  return isBrought ? envelope(event, { ...data, result: whole }) : renderThin(event, data);
}

function renderThin(event: WebhookEvent, all: WebhookEvent['data']): string {
  let text = envelope(event, all);
  const omitted: string[] = [];
  const data = { ...all };
  for (const name of expendable) {
    if (bytesOf(text) <= maxThinBytes) break;
    if (!(name in data)) continue;
    delete data[name];
    omitted.push(name);
    text = envelope(event, { ...data, omitted });
  }
  return text;
}

function envelope(event: WebhookEvent, data: Record<string, unknown>): string {
  return JSON.stringify({
    id: event.id,
    object: 'event',
    type: event.type,
    created_at: Math.floor(event.createdAt / 1000),
    timestamp: new Date(event.createdAt).toISOString(),
    data,
  });
}

function bytesOf(text: string): number {
  return encoder.encode(text).byteLength;
}
