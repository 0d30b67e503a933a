import type { RenderedError } from '../../core/endpoint.ts';
import type { GatewayError } from '../../core/errors.ts';

const maxListed = 20;

/** OpenAI's shape with all four keys, and beside it every fault of the request and the id to ask support with. */
export function renderError(error: GatewayError, requestId: string): RenderedError {
  return {
    status: error.status,
    headers: {},
    body: {
      error: { message: error.publicMessage, type: error.type, param: error.param, code: error.code },
      errors: error.problems.slice(0, maxListed).map((problem) => ({
        source: problem.source ?? 'body',
        param: problem.path,
        message: problem.message,
      })),
      request_id: requestId,
    },
  };
}
