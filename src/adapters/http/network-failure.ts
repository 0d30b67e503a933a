import { errors } from 'undici';
import { GatewayError } from '../../core/errors.ts';

/** What went wrong between us and an upstream, in the phase of the exchange it went wrong in. */
export function networkFailure(cause: Error, phase: 'head' | 'body' | 'ended', signal: AbortSignal): GatewayError {
  if (signal.aborted) return abortFailure(signal.reason);
  if (isTimeout(cause)) {
    const isWithin = phase === 'body' && !(cause instanceof errors.HeadersTimeoutError);
    const what = isWithin ? 'stopped in the middle of its answer' : 'did not answer in time';
    return new GatewayError('upstream_timeout', `The model's provider ${what}.`, { cause });
  }
  const what = phase === 'body' ? 'broke off its answer' : 'could not be reached';
  return new GatewayError('upstream_error', `The model's provider ${what}.`, { cause });
}

/** An error of our own is kept; the end of a time is the upstream's, anything else the caller's. */
function abortFailure(reason: unknown): GatewayError {
  if (reason instanceof GatewayError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new GatewayError('upstream_timeout', "The model's provider did not answer in time.", { cause: reason });
  }
  return new GatewayError('client_closed_request', 'The caller closed the request.', { cause: reason });
}

function isTimeout(error: Error): boolean {
  return (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    ('code' in error && error.code === 'ETIMEDOUT')
  );
}
