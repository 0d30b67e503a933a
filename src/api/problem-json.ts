import { STATUS_CODES } from 'node:http';
import type { RenderedError } from '../core/endpoint.ts';
import type { GatewayError } from '../core/errors.ts';

export const problemMediaType = 'application/problem+json';

/** RFC 9457, the same for every dialect. `type` is a page of this server that explains the code. */
export function renderProblem(error: GatewayError, requestId: string): RenderedError {
  return {
    status: error.status,
    headers: { 'Content-Type': problemMediaType },
    body: {
      type: `/docs/errors#${error.code}`,
      title: STATUS_CODES[error.status] ?? error.code,
      status: error.status,
      detail: error.publicMessage,
      code: error.code,
      param: error.param,
      request_id: requestId,
      errors: error.problems.map(({ source = 'body', path, message }) => ({ source, param: path, message })),
    },
  };
}
