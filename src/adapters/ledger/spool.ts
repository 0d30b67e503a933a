import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileNameOf, ownerOf } from './file-name.ts';
import { hasEnded, type Owner, thisProcess } from './owner.ts';

/** A live process on another host touches its file far more often than that. */
const abandonedAfterMs = 5 * 60_000;

interface OpenFile {
  fd: number;
  path: string;
  bytes: number;
}

/**
 * Lines on the local disk, in files that belong to one process each. What `append` has returned from is in the kernel's
 * hands and survives the death of the process; the files of the dead are taken over by whoever renames them first.
 */
export function createSpool(folder: string) {
  mkdirSync(folder, { recursive: true });
  const self = thisProcess();
  let nextNumber = 0;
  let current: OpenFile | null = null;
  /** The last write broke off within a line. */
  let isTorn = false;
  const sealed = new Map<string, { bytes: number }>();

  function freePath(): string {
    for (;;) {
      const path = join(folder, fileNameOf(self, nextNumber));
      nextNumber += 1;
      if (!existsSync(path)) return path;
    }
  }

  function open(): OpenFile {
    const path = freePath();
    return { fd: openSync(path, 'ax'), path, bytes: 0 };
  }

  function isAbandoned(name: string, owner: Owner): boolean {
    const ended = hasEnded(owner, self);
    if (ended !== null) return ended;
    return Date.now() - statSync(join(folder, name)).mtimeMs > abandonedAfterMs;
  }

  function takeOver(name: string): void {
    const path = freePath();
    renameSync(join(folder, name), path);
    sealed.set(path, { bytes: statSync(path).size });
  }

  return {
    /** Throws what the file system throws; the line is then not there, or torn and will be passed over. */
    append(line: string): void {
      current ??= open();
      const bytes = Buffer.from(isTorn ? `\n${line}\n` : `${line}\n`);
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(current.fd, bytes, written);
        isTorn = false;
      } finally {
        if (written > 0 && written < bytes.length) isTorn = true;
        current.bytes += written;
      }
    },

    /** Ends the file that is being written, if there is one: it can be read and removed from now on. Answers its path. */
    seal(): string | null {
      if (current === null) return null;
      const { fd, path, bytes } = current;
      closeSync(fd);
      sealed.set(path, { bytes });
      current = null;
      isTorn = false;
      return path;
    },

    /** Paths of the files to read, oldest first. */
    sealedFiles(): string[] {
      return [...sealed.keys()];
    },

    remove(path: string): void {
      rmSync(path, { force: true });
      sealed.delete(path);
    },

    /** Takes over the files of processes that are gone. Answers how many. Another that does the same gets the others. */
    adopt(): number {
      let adopted = 0;
      for (const name of readdirSync(folder)) {
        const owner = ownerOf(name);
        if (owner === null) continue;
        try {
          if (!isAbandoned(name, owner)) continue;
          takeOver(name);
          adopted += 1;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
      return adopted;
    },

    /** Tells other hosts that this process lives. */
    touch(): void {
      const now = new Date();
      for (const path of [...sealed.keys(), ...(current ? [current.path] : [])]) {
        if (existsSync(path)) utimesSync(path, now, now);
      }
    },

    /** Of everything that is not removed yet. */
    totalBytes(): number {
      let total = current?.bytes ?? 0;
      for (const { bytes } of sealed.values()) total += bytes;
      return total;
    },
  };
}
