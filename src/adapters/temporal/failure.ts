import { ApplicationFailure } from '@temporalio/common';
import { storeError, toGatewayError } from '../../core/errors.ts';

/**
 * Our error as the only kind that crosses the workflow boundary: code, retryability and delay survive the trip.
 * `isLastAttempt` ends the retries of one that could be tried again; `retryAfterMs` overrides what the error asks for.
 */
export function toApplicationFailure(
  thrown: unknown,
  isLastAttempt: boolean,
  retryAfterMs?: number,
): ApplicationFailure {
  const error = toGatewayError(thrown);
  const nextRetryDelay = retryAfterMs ?? error.retryAfterMs;
  return ApplicationFailure.create({
    type: error.code,
    message: error.publicMessage,
    nonRetryable: isLastAttempt || !error.retryable,
    details: [storeError(error)],
    ...(nextRetryDelay !== null && { nextRetryDelay }),
  });
}
