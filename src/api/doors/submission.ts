import { type Endpoint, operationName } from '../../core/endpoint.ts';
import type { ValidRequest } from '../../core/invoke.ts';
import type { JobKind, JobSubmission } from '../../core/job.ts';
import type { RawRequest } from '../../core/validation/validate-request.ts';

/** A checked call on its way to becoming a job. The raw request is kept: a worker holds it against the schemas again. */
export function submissionOf(
  endpoint: Endpoint,
  kind: JobKind,
  raw: RawRequest,
  request: ValidRequest,
  path: string,
): JobSubmission {
  return {
    kind,
    request: {
      operation: operationName(endpoint),
      params: raw.params,
      query: raw.query,
      body: raw.body ?? null,
      bodyBlob: null,
      files: raw.files,
    },
    input: endpoint.toCore(request.body, request),
    endpoint: path.replace(/\/$/, ''),
    model: modelOf(request.body),
    metadata: {},
    idempotencyKey: null,
    deadlineAt: null,
    webhook: null,
    retriedFrom: null,
  };
}

function modelOf(body: unknown): string | null {
  const named = typeof body === 'object' && body !== null && 'model' in body ? body.model : null;
  return typeof named === 'string' ? named : null;
}
