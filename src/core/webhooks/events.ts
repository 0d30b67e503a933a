/** From what happens to a job, in its log, to what receivers are told of it. Pure, and the same whenever it is asked. */
import { isTerminal, type Job, type JobEvent } from '../job.ts';
import { idBody } from '../response.ts';
import type { DisabledReason, WebhookEndpoint, WebhookEvent } from '../webhook.ts';
import { type WebhookEventType, webhookEventTypes } from './filter.ts';

/** A door whose own word for a job has events of its own, beside those of the job. */
interface Door {
  subject: 'response' | 'batch';
  idPrefix: string;
}

const doors: Record<string, Door> = {
  'POST /v1/responses': { subject: 'response', idPrefix: 'resp_' },
  'POST /v1/batches': { subject: 'batch', idPrefix: 'batch_' },
};

/**
 * What is told of one line of the job's log; nothing of output and of what is our own business. `job` is as it is after
 * that line. `answer` is the body of its result: a response can have ended well as a job and be incomplete.
 */
export function webhookEventsOf(job: Job, line: JobEvent, answer: unknown): WebhookEvent[] {
  const types = [line.type, doorType(job, line, answer)];
  return types.filter(isSent).map((type) => {
    const [subject = ''] = type.split('.');
    return {
      id: `evt_${idBody(job.id)}_${line.sequence}_${subject}`,
      ownerId: job.ownerId,
      type,
      createdAt: line.createdAt,
      data: subject === 'job' ? jobData(job, line) : doorData(job),
      jobId: job.id,
      sequence: line.sequence,
    };
  });
}

function isSent(type: string | null): type is WebhookEventType {
  return (webhookEventTypes as readonly (string | null)[]).includes(type);
}

/** The end of the job in the door's words, e.g. `response.completed`. */
function doorType(job: Job, line: JobEvent, answer: unknown): string | null {
  const door = doors[job.request.operation];
  if (!door || !isTerminal(job.status) || line.type !== `job.${job.status}`) return null;
  if (door.subject === 'batch') return `batch.${job.status}`;
  if (job.status !== 'completed') return job.status === 'cancelled' ? 'response.cancelled' : 'response.failed';
  const said = typeof answer === 'object' && answer !== null && 'status' in answer ? answer.status : null;
  return said === 'incomplete' || said === 'failed' ? `response.${said}` : 'response.completed';
}

/** All that OpenAI's own messages carry. */
function doorData(job: Job): Record<string, unknown> {
  return { id: `${doors[job.request.operation]?.idPrefix}${idBody(job.id)}` };
}

function jobData(job: Job, line: JobEvent): Record<string, unknown> {
  const isEnd = isTerminal(job.status) && line.type === `job.${job.status}`;
  return {
    id: job.id,
    object: 'job',
    sequence_number: line.sequence,
    status: statusAt(line),
    endpoint: job.endpoint,
    model: job.model,
    retried_from: job.retriedFrom,
    ...(line.type === 'job.progress' && { progress: line.data }),
    ...(isEnd && job.error && { error: { code: job.error.code, message: job.error.message } }),
    ...(isEnd && job.result && { result_url: `/v1/jobs/${job.id}/result` }),
    metadata: job.metadata,
  };
}

/** The status at the time of the line: by the time it is told, the job may have gone on. */
function statusAt({ type }: JobEvent): string {
  if (type === 'job.started' || type === 'job.progress') return 'in_progress';
  return type.slice('job.'.length);
}

/** Asked for by the endpoint's owner; `nonce` tells one test from the next. */
export function testEvent(endpoint: WebhookEndpoint, nonce: string, now: number): WebhookEvent {
  const type = 'endpoint.test' satisfies WebhookEventType;
  const data = { id: endpoint.id, object: 'webhook.endpoint', url: endpoint.url };
  return ownEvent(`evt_${idBody(endpoint.id)}_${nonce}_test`, endpoint, type, data, now);
}

/** For the owner's other endpoints: this one hears no more. */
export function disabledEvent(endpoint: WebhookEndpoint, reason: DisabledReason, now: number): WebhookEvent {
  const type = 'endpoint.disabled' satisfies WebhookEventType;
  const data = { id: endpoint.id, object: 'webhook.endpoint', url: endpoint.url, disabled_reason: reason };
  return ownEvent(`evt_${idBody(endpoint.id)}_${now}_disabled`, endpoint, type, data, now);
}

function ownEvent(
  id: string,
  { ownerId }: WebhookEndpoint,
  type: WebhookEventType,
  data: Record<string, unknown>,
  createdAt: number,
): WebhookEvent {
  return { id, ownerId, type, createdAt, data, jobId: null, sequence: null };
}
