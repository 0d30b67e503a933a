/** Files over the internet, and a vendor's archive checked against its hash. */
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatBytes } from '../disk.ts';
import type { PlatformArchive } from '../versions.ts';
import { ensureHash } from './hash.ts';

const connectTimeoutMs = 30_000;
const stallTimeoutMs = 60_000;

/** Fails a download that stands still, however long a moving one may take. */
function stallGuard(timeoutMs: number) {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error(`The server sent nothing for ${timeoutMs / 1_000} s`));
  let timer = setTimeout(abort, timeoutMs);
  return {
    signal: controller.signal,
    alive(nextTimeoutMs: number) {
      clearTimeout(timer);
      timer = setTimeout(abort, nextTimeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, redirect: 'follow' });
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${response.statusText}`.trim());
  return response;
}

/** Downloads to a file, however long it takes, unless the server stands still. */
export async function downloadFile(url: string, target: string, detail: (text: string) => void): Promise<void> {
  const guard = stallGuard(connectTimeoutMs);
  try {
    const response = await fetchOk(url, guard.signal);
    if (!response.body) throw new Error(`${url} answered without a body`);
    const total = Number(response.headers.get('content-length'));
    let received = 0;
    async function* count(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        received += chunk.byteLength;
        guard.alive(stallTimeoutMs);
        detail(total > 0 ? `${formatBytes(received)} of ${formatBytes(total)}` : formatBytes(received));
        yield chunk;
      }
    }
    await pipeline(Readable.fromWeb(response.body), count, createWriteStream(target), { signal: guard.signal });
  } finally {
    guard.stop();
  }
}

async function fetchPublishedSha512(url: string, archiveName: string): Promise<string> {
  const text = await (await fetchOk(url, AbortSignal.timeout(connectTimeoutMs))).text();
  const [hash, name] = text.trim().split(/\s+/);
  if (hash && /^[0-9a-f]{128}$/.test(hash) && name === archiveName) return hash;
  throw new Error(`${url} does not hold the SHA-512 of ${archiveName}`);
}

/** Downloads the archive to `target`; throws unless its hash is the locked one, or the one its vendor publishes. */
export async function downloadArchive(
  archive: PlatformArchive,
  target: string,
  detail: (text: string) => void,
): Promise<void> {
  await downloadFile(archive.url, target, detail);
  if ('sha256' in archive.checksum) return ensureHash(target, archive.checksum.sha256);
  const name = basename(new URL(archive.url).pathname);
  await ensureHash(target, await fetchPublishedSha512(archive.checksum.publishedSha512Url, name), 'sha512');
}
