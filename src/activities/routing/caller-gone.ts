import { GatewayError } from '../../core/errors.ts';

/** What ends a call whose signal fired, whatever it was fired with. */
export function callerGone({ reason }: AbortSignal): GatewayError {
  if (reason instanceof GatewayError) return reason;
  return new GatewayError('client_closed_request', 'The call was cancelled.', { cause: reason });
}
