/** Disk space: looked at before it is needed, and named when it runs out. */
import { mkdir, statfs } from 'node:fs/promises';
import { LauncherError } from './launcher-error.ts';

export function formatBytes(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}

export async function freeBytes(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Throws when `directory` has less than `bytes` left for `purpose` (a phrase such as `fetching Elasticsearch`). */
export async function ensureFreeSpace(directory: string, bytes: number, purpose: string): Promise<void> {
  const free = await freeBytes(directory);
  if (free >= bytes) return;
  throw new LauncherError(
    `The disk of ${directory} is nearly full: ${purpose} needs ${formatBytes(bytes)} and ${formatBytes(free)} are free.`,
    'Free some space there, or move the project to another disk.',
  );
}

/** True for a failure whose cause is a full disk, whoever noticed it: we, pip, Maven or an engine. */
export function isDiskFull(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC') return true;
  return error instanceof Error && /No space left on device|ENOSPC/.test(error.message);
}
