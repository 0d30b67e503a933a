import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const byteOrderMarks: readonly (readonly [TextEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

export function encodingOfMark(head: Buffer): TextEncoding | null {
  return byteOrderMarks.find(([, mark]) => mark.every((byte, index) => head[index] === byte))?.[0] ?? null;
}

/** By byte order mark; without one UTF-8 if every byte of the file agrees, else windows-1252, which always does. */
export async function detectEncoding(path: string): Promise<TextEncoding> {
  const marked = encodingOfMark(await readHead(path, 3));
  if (marked) return marked;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252';
    throw error;
  }
}

/** Up to `maxBytes` from the start of a file. */
export async function readHead(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A file as pieces of text of `chunkBytes` source bytes, no character cut, with the number of bytes behind each. */
export async function* decodedPieces(
  path: string,
  encoding: TextEncoding,
  chunkBytes: number,
): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    yield { text: decoder.decode(chunk, { stream: true }), bytes: chunk.length };
  }
  yield { text: decoder.decode(), bytes: 0 };
}

/** The start of a file as text, as much of it as `maxBytes` hold; the last line may be cut. */
export async function readStart(path: string, maxBytes: number): Promise<string> {
  const encoding = await detectEncoding(path);
  return new TextDecoder(encoding).decode(await readHead(path, maxBytes), { stream: true });
}
