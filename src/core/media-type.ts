/** What a file is, from what was said of it, its name and its first bytes. */

const unknownType = 'application/octet-stream';
const saysNothing = new Set([unknownType, 'binary/octet-stream', '']);

const byExtension: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  jsonl: 'application/jsonl',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain',
  webp: 'image/webp',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Hexadecimal, from the first byte; a dot for any digit. */
const byFirstBytes: readonly [RegExp, string][] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^474946383[79]61/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^255044462d/, 'application/pdf'],
];

/** So many bytes tell what a file is. */
const tellingBytes = 12;

export function mediaTypeOfName(name: string): string {
  return byExtension[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? unknownType;
}

/** Its first bytes count most: what an uploader says is a guess, often made from the name. */
export function mediaTypeOf(declared: string, name: string, content: Uint8Array): string {
  const head = Array.from(content.subarray(0, tellingBytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const [, told] = byFirstBytes.find(([pattern]) => pattern.test(head)) ?? [];
  return told ?? (saysNothing.has(declared.toLowerCase()) ? mediaTypeOfName(name) : declared.toLowerCase());
}

/** Text of a caller's that can stand in a header; what cannot is no media type. */
export function asHeader(mediaType: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : unknownType;
}
