import { type Connection, isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { GatewayError } from '../../core/errors.ts';

/** What the server knows of a workflow. */
export type WorkflowState = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'gone';

export interface Patience {
  /** How long one call of the engine may take. */
  callTimeoutMs: number;
}

/** The code of gRPC. */
const invalidArgument = 3;

/** The default is ten tries in as many seconds; here a caller, or a sweep that comes again, is waiting. */
export function timely<T>(connection: Connection, { callTimeoutMs }: Patience, work: () => Promise<T>): Promise<T> {
  return connection.withDeadline(Date.now() + callTimeoutMs, work);
}

/** How a workflow stands that `describe` asks the server about. */
export async function stateOf(describe: () => Promise<{ status: { name: string } }>): Promise<WorkflowState> {
  try {
    return toState((await describe()).status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw engineFailure(error);
  }
}

function toState(name: string): WorkflowState {
  if (name === 'COMPLETED') return 'completed';
  if (name === 'FAILED') return 'failed';
  if (name === 'CANCELLED') return 'cancelled';
  if (name === 'TERMINATED') return 'terminated';
  if (name === 'TIMED_OUT') return 'timed_out';
  return 'running';
}

export function engineFailure(cause: unknown): GatewayError {
  const answer = cause instanceof ServiceError ? cause.cause : cause;
  // No outage: the same request will be refused for ever.
  if (isGrpcServiceError(answer) && answer.code === invalidArgument) {
    return new GatewayError('internal_error', 'The workflow engine refused the request.', { cause });
  }
  return new GatewayError('unavailable', 'The workflow engine does not answer. Try again shortly.', { cause });
}
