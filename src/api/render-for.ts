import type { Dialect, RenderedError } from '../core/endpoint.ts';
import type { GatewayError } from '../core/errors.ts';
import { problemMediaType, renderProblem } from './problem-json.ts';

/** An error as its reader expects it: a problem document for whoever accepts those, else in the words of the dialect. */
export function renderFor(dialect: Dialect, accept: string, error: GatewayError, requestId: string): RenderedError {
  return accept.includes(problemMediaType) ? renderProblem(error, requestId) : dialect.renderError(error, requestId);
}
