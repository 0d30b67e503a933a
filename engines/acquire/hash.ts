/** Hashes of files, and the sentence for one that is not what was locked. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

const chunkBytes = 1024 * 1024;

export async function hashFile(path: string, algorithm: 'sha256' | 'sha512' = 'sha256'): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: chunkBytes }), hash);
  return hash.digest('hex');
}

/** Throws when the file's hash is another one. */
export async function ensureHash(path: string, expected: string, algorithm: 'sha256' | 'sha512' = 'sha256') {
  const actual = await hashFile(path, algorithm);
  if (actual === expected) return;
  throw new Error(`${basename(path)} is not what was locked: its ${algorithm} is ${actual}, expected ${expected}`);
}
