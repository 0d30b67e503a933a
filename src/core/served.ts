import type { Served } from './call.ts';

/** How a caller is told who served the call. */
export function servedHeaders({ provider, attempts, upstreamRequestId, ignored }: Served): Record<string, string> {
  return {
    'x-switchyard-provider': provider,
    'x-switchyard-attempts': String(attempts),
    ...(upstreamRequestId !== null && { 'x-upstream-request-id': upstreamRequestId }),
    ...(ignored.length > 0 && { 'x-gateway-ignored': ignored.join(', ') }),
  };
}
