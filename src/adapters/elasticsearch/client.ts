import { Client, errors } from '@elastic/elasticsearch';
import { GatewayError } from '../../core/errors.ts';

/** For requests that work through many chunks or change the cluster. What a single request names can only be less. */
const requestTimeoutMs = 60_000;
const retryAfterMs = 5_000;

/** Connects lazily: whoever needs the engine while it is away gets `unavailable` at once. */
export function connectElasticsearch({ url }: { url: string }): Client {
  return new Client({ node: url, requestTimeout: requestTimeoutMs, maxRetries: 0 });
}

/** Runs a request; an engine that is away, overloaded or too slow is `unavailable`, which a retry can help. */
export async function reaching<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof errors.ConnectionError)) throw isUnavailable(error) ? unavailable(error) : error;
  }
  // Once more, for a connection that had died while it was idle. Everything we send may be sent twice.
  try {
    return await request();
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error) : error;
  }
}

export function unavailable(cause: unknown): GatewayError {
  return new GatewayError('unavailable', 'The search engine is not available, please try again later.', {
    cause,
    retryAfterMs,
  });
}

/** Statuses of a request, or of one item of it, that say nothing about the request itself. */
export function isTransientStatus(status: number | undefined): boolean {
  return status === 429 || (status !== undefined && status >= 502);
}

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError ||
    error instanceof errors.ProductNotSupportedError ||
    (error instanceof errors.ResponseError && isTransientStatus(error.statusCode))
  );
}
