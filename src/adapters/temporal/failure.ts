import { ApplicationFailure } from '@temporalio/common';
import { storeError, toGatewayError } from '../../core/errors.ts';

/**
 * Our error as the only kind that crosses the workflow boundary: code, retryability and delay survive the trip.
 * `isLastAttempt` ends the retries of one that could be tried again.
 */
export function toApplicationFailure(thrown: unknown, isLastAttempt: boolean): ApplicationFailure {
  const error = toGatewayError(thrown);
  return ApplicationFailure.create({
    type: error.code,
    message: error.publicMessage,
    nonRetryable: isLastAttempt || !error.retryable,
    details: [storeError(error)],
    ...(error.retryAfterMs !== null && { nextRetryDelay: error.retryAfterMs }),
  });
}
