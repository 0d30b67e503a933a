import { endpoint, type JobView } from '../../../core/endpoint.ts';
import { type RespondPart, responseIdOf } from '../../../core/response.ts';
import { tell, tellFailure } from './events.ts';
import { responseOfJob } from './from-job.ts';
import { hearWire } from './heard-wire.ts';
import { type ResponseRequest, responseRequest } from './request.ts';
import type { PresentedResponse } from './response-object.ts';
import { responseSchema } from './schemas.ts';
import { beginTelling, responseOf } from './telling.ts';
import { toRespondCall } from './to-core.ts';

/** `background: true` is a job; this is what its caller sees of it. */
const view: JobView = {
  wanted: (body) => (body as ResponseRequest).background === true,
  present: (job, body) => responseOfJob(job, body as ResponseRequest),
  follow: { verb: 'followResponse', input: (job) => ({ id: responseIdOf(job.id) }) },
};

export const createResponse = endpoint({
  method: 'POST',
  path: '/v1/responses',
  permission: 'use',
  summary: 'Let a model answer, and keep the answer to go on from',
  tag: 'Responses',
  body: responseRequest,
  response: responseSchema,
  verb: 'respond',
  job: { kind: 'call', view },
  stream: {
    when: ({ stream }) => stream === true,
    writer: 'sse',
    initial: beginTelling,
    next: tell,
    heard: hearWire,
    end: () => [],
    failed: (telling, error) => tellFailure(telling, error)[1],
  },
  toCore: (body, { bytes }) => toRespondCall(body, bytes),
  fromCore: (parts, body) => foldResponse(body, parts),
});

/** The whole answer: what the last event of its stream shows. */
export function foldResponse(body: ResponseRequest, parts: Iterable<RespondPart>): PresentedResponse {
  let telling = beginTelling(body);
  for (const part of parts) {
    if (part.type === 'end') return responseOf(telling, { completedAt: part.at });
    [telling] = tell(telling, part);
  }
  throw new Error('the answer was cut off');
}
