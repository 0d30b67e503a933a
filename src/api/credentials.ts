import type { IncomingMessage } from 'node:http';
import { assertThat } from '../core/errors.ts';

const keyHeaders = ['x-api-key', 'api-key'];

/**
 * The one secret a request presents, as `Authorization: Bearer`, `x-api-key` or `api-key`; null when it has none.
 * The same secret may come twice: SDKs of two vendors do that. Two different ones are refused.
 */
export function credentialOf(req: IncomingMessage): string | null {
  const bearer = (req.headersDistinct['authorization'] ?? []).map(bearerToken);
  const keys = keyHeaders.flatMap((header) => req.headersDistinct[header] ?? []);
  const [secret, ...others] = new Set([...bearer, ...keys]);
  assertThat(
    others.length === 0,
    'ambiguous_credentials',
    'The request presents two different credentials. Send one of Authorization, x-api-key and api-key.',
  );
  return secret ?? null;
}

function bearerToken(header: string): string {
  const [, scheme = '', token = ''] = /^(\S*)\s*(.*)$/.exec(header) ?? [];
  assertThat(
    scheme.toLowerCase() === 'bearer' && token !== '',
    'not_authenticated',
    "Invalid authentication scheme. Expected 'Authorization: Bearer <key>'.",
  );
  return token;
}
