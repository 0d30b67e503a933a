import { ApplicationFailure } from '@temporalio/common';
import { storeError, toGatewayError } from '../../core/errors.ts';

/** Our error as the only kind that crosses the workflow boundary: code, retryability and delay survive the trip. */
export function toApplicationFailure(thrown: unknown): ApplicationFailure {
  const error = toGatewayError(thrown);
  return ApplicationFailure.create({
    type: error.code,
    message: error.publicMessage,
    nonRetryable: !error.retryable,
    details: [storeError(error)],
    ...(error.retryAfterMs !== null && { nextRetryDelay: error.retryAfterMs }),
  });
}
