import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobRef, BlobStore } from '../../core/blob.ts';

const folderPattern = /^checkout-(\d+)$/;
/** Files nobody works on that are kept for the next step of the same document. */
const maxIdleFiles = 4;

interface Checkout {
  path: string;
  ready: Promise<void>;
  users: number;
}

/**
 * Blobs as local files, for parsers that need a path. Steps of one document that run side by side or after one another
 * share a copy. The folder belongs to this process; the first use removes those of processes that died.
 */
export function createCheckouts(blobs: BlobStore, temporaryDir: string) {
  const folder = join(temporaryDir, `checkout-${process.pid}`);
  const checkouts = new Map<string, Checkout>();
  let opened = 0;

  async function download(ownerId: number, blob: BlobRef, path: string): Promise<void> {
    await pipeline(Readable.from(blobs.read(ownerId, blob.id)), createWriteStream(path, { mode: 0o600 }));
  }

  function open(ownerId: number, blob: BlobRef): Checkout {
    const existing = checkouts.get(blob.id);
    if (existing) {
      // Most recently used last.
      checkouts.delete(blob.id);
      checkouts.set(blob.id, existing);
      return existing;
    }
    // Its own name each time: the copy before this one may be on its way out.
    opened += 1;
    const path = join(folder, `${blob.id}-${opened}`);
    const checkout: Checkout = { path, ready: download(ownerId, blob, path), users: 0 };
    checkouts.set(blob.id, checkout);
    return checkout;
  }

  async function drop(id: string, path: string): Promise<void> {
    checkouts.delete(id);
    await rm(path, { force: true });
  }

  async function evict(): Promise<void> {
    const idle = [...checkouts].filter(([, checkout]) => checkout.users === 0);
    const surplus = idle.slice(0, Math.max(0, idle.length - maxIdleFiles));
    await Promise.all(surplus.map(([id, checkout]) => drop(id, checkout.path)));
  }

  let prepared: Promise<void> | null = null;
  async function prepare(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(temporaryDir)) {
      const owner = Number(folderPattern.exec(name)?.[1] ?? Number.NaN);
      if (Number.isInteger(owner) && owner !== process.pid && !isAlive(owner)) {
        await rm(join(temporaryDir, name), { recursive: true, force: true });
      }
    }
  }

  return {
    folder,

    /** Runs `work` with a local copy of the blob; the copy may go away as soon as it returns. */
    async withFile<T>(ownerId: number, blob: BlobRef, work: (path: string) => Promise<T>): Promise<T> {
      prepared ??= prepare().catch((error: unknown) => {
        prepared = null;
        throw error;
      });
      await prepared;
      const checkout = open(ownerId, blob);
      checkout.users += 1;
      try {
        await checkout.ready;
        return await work(checkout.path);
      } catch (error) {
        const failed = await checkout.ready.then(
          () => false,
          () => true,
        );
        if (failed) await drop(blob.id, checkout.path);
        throw error;
      } finally {
        checkout.users -= 1;
        await evict();
      }
    },

    async close(): Promise<void> {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Checkouts = ReturnType<typeof createCheckouts>;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
