import { GatewayError } from './errors.ts';

/** What an upstream answered is not what its documentation promises. `cause` says what was found, for the log alone. */
export function malformedAnswer(cause: unknown): GatewayError {
  return new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", { cause });
}
