import type { RenderedError } from '../../core/endpoint.ts';
import type { GatewayError, Problem } from '../../core/errors.ts';

/** One fault as FastAPI writes it: `loc` starts with the part of the request and goes down to the value. */
interface ValidationFault {
  loc: (string | number)[];
  msg: string;
  type: string;
  input: unknown;
  ctx: Record<string, unknown>;
}

/** `{"detail": "…"}`, except that faults of named fields are listed under status 422. */
export function renderError(error: GatewayError): RenderedError {
  const faults = error.code === 'invalid_request' ? faultsOf(error) : [];
  return {
    status: error.code === 'invalid_request' ? 422 : error.status,
    headers: {},
    body: { detail: faults.length > 0 ? faults : error.publicMessage },
  };
}

function faultsOf(error: GatewayError): ValidationFault[] {
  if (error.problems.length > 0) return error.problems.map(faultOf);
  return error.param === null ? [] : [faultOf({ path: error.param, message: error.publicMessage })];
}

function faultOf(problem: Problem): ValidationFault {
  return {
    loc: [problem.source ?? 'body', ...segmentsOf(problem.path)],
    msg: problem.message,
    type: problem.rule ?? 'value_error',
    input: problem.input ?? null,
    ctx: {},
  };
}

/** `chunks[2].content` -> `chunks`, 2, `content`. */
function segmentsOf(path: string): (string | number)[] {
  const segments = path.matchAll(/\[(\d+)\]|[^.[\]]+/g);
  return [...segments].map(([segment, index]) => (index === undefined ? segment : Number(index)));
}
