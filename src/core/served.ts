import type { Served } from './call.ts';

/** As many names as a header line can hold with ease. */
const maxIgnored = 20;
const maxNameLength = 64;

/** Names what was sent and had no effect. */
export const ignoredHeader = 'x-gateway-ignored';

/** How a caller is told who served the call. */
export function servedHeaders({ provider, attempts, upstreamRequestId, ignored }: Served): Record<string, string> {
  return {
    'x-switchyard-provider': provider,
    'x-switchyard-attempts': String(attempts),
    ...(upstreamRequestId !== null && { 'x-upstream-request-id': printable(upstreamRequestId) }),
    ...(ignored.length > 0 && { [ignoredHeader]: listOf(ignored) }),
  };
}

function listOf(names: readonly string[]): string {
  const more = names.length > maxIgnored ? [`and ${names.length - maxIgnored} more`] : [];
  return [...names.slice(0, maxIgnored).map(printable), ...more].join(', ');
}

/** Names of fields are the caller's, and ids the upstream's: neither may say more in a header than itself. */
function printable(text: string): string {
  return text.slice(0, maxNameLength).replaceAll(/[^\w.[\]:/+-]/g, '?');
}
