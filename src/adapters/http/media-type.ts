import type { MediaKind } from '../../core/chat/media.ts';

/** How files of a type begin, in hexadecimal. */
const beginnings: readonly { kind: MediaKind; type: string; matches: RegExp }[] = [
  { kind: 'image', type: 'image/png', matches: /^89504e470d0a1a0a/ },
  { kind: 'image', type: 'image/jpeg', matches: /^ffd8ff/ },
  { kind: 'image', type: 'image/gif', matches: /^474946383[79]61/ },
  { kind: 'image', type: 'image/webp', matches: /^52494646.{8}57454250/ },
  { kind: 'file', type: 'application/pdf', matches: /^255044462d/ },
];

/** Texts begin with anything: their sender's word is taken, unless what came is binary. */
const texts = ['text/plain', 'text/markdown'];

/** What a downloaded picture or file is; null for what is neither. A sender's word for a picture counts for nothing. */
export function mediaTypeOf(bytes: Buffer, declared: string, kind: MediaKind): string | null {
  const head = bytes.subarray(0, 16).toString('hex');
  const found = beginnings.find((beginning) => beginning.kind === kind && beginning.matches.test(head));
  if (found) return found.type;
  const type = declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return kind === 'file' && texts.includes(type) && !bytes.includes(0) ? type : null;
}
