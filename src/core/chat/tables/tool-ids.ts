/** Ids of tool calls, for upstreams and callers that take only `[A-Za-z0-9_-]{1,128}`. */

const plain = /^[A-Za-z0-9_-]{1,128}$/;
const prefix = 'b64_';

/** The id itself where it fits, else an escaped form of it; null for one that is too long to be escaped. */
export function escapeToolId(id: string): string | null {
  if (plain.test(id) && !id.startsWith(prefix)) return id;
  const binary = Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join('');
  const escaped = prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return plain.test(escaped) ? escaped : null;
}
