import { GatewayError } from '../../core/errors.ts';

/** An answer that is none of those which the dialect knows. */
export function unreadable(cause: unknown): GatewayError {
  return new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", { cause });
}
