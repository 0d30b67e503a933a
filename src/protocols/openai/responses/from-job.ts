import type { WireEvent } from '../../../core/endpoint.ts';
import { deadlineError, type StoredError } from '../../../core/errors.ts';
import type { Job, JobStatus } from '../../../core/job.ts';
import { type ResponseEvent, responseIdOf } from '../../../core/response.ts';
import type { ResponseRequest } from './request.ts';
import { type PresentedResponse, presentResponse, type ResponseFacts } from './response-object.ts';

const statuses: Record<JobStatus, ResponseFacts['status']> = {
  queued: 'queued',
  in_progress: 'in_progress',
  // Whether it will have been cancelled is not known yet.
  cancelling: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'failed',
};

/** A run in the background as its response object: without what it has said so far, which is in its events. */
export function responseOfJob(job: Job, body: ResponseRequest, status = statuses[job.status]): PresentedResponse {
  return presentResponse(body, {
    id: responseIdOf(job.id),
    createdAt: job.createdAt,
    completedAt: null,
    model: body.model,
    serviceTier: null,
    stored: body.store !== false,
    status,
    incompleteReason: null,
    error: status === 'failed' ? errorOf(job) : null,
    output: [],
    usage: null,
  });
}

/** What is told of a run before a worker tells its own: events 0 and 1. */
export function eventsOfAcceptance(job: Job, body: ResponseRequest): ResponseEvent[] {
  const response = responseOfJob(job, body, 'queued');
  return [
    { type: 'response.created', sequence_number: 0, response },
    { type: 'response.queued', sequence_number: 1, response },
  ];
}

/** The last event of a run that came to no end of its own. */
export function eventOfFailure(job: Job, body: ResponseRequest, sequenceNumber: number): ResponseEvent {
  return { type: 'response.failed', sequence_number: sequenceNumber, response: responseOfJob(job, body) };
}

/** The events of a line of a job's log. */
export function eventsOfLine(data: Record<string, unknown>): ResponseEvent[] {
  return ((data['events'] ?? []) as WireEvent[]).map((event) => event.data as ResponseEvent);
}

const ends: readonly string[] = ['response.completed', 'response.incomplete', 'response.failed'];

export function isLast(event: ResponseEvent): boolean {
  return ends.includes(event.type);
}

function errorOf({ status, error }: Job): StoredError {
  if (status === 'expired') return deadlineError;
  return error ?? { code: 'internal_error', message: 'The response failed.', param: null, retryable: true };
}
