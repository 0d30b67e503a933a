/** Elasticsearch refuses to run as root: another user for it, and folders that this user can reach. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherError } from '../launcher-error.ts';

/** `nobody`: present everywhere, owner of nothing. */
const unprivilegedUid = 65_534;

/** The user Elasticsearch must run as, or undefined to run as ourselves. */
export function requiredUid(): number | undefined {
  return process.getuid?.() === 0 ? unprivilegedUid : undefined;
}

/** Whether `uid` may enter and read `directory`; asked of the system, as that user. */
export function canReach(directory: string, uid: number | undefined): boolean {
  if (uid === undefined) return true;
  const question = 'test -r "$1" && test -x "$1"';
  return spawnSync('/bin/sh', ['-c', question, 'sh', directory], { uid, gid: uid, cwd: '/' }).status === 0;
}

/** The folder outside the project that is used when a user cannot reach the project; named after `key`. */
export function outsideDirectory(key: string): string {
  return join(tmpdir(), `switchyard-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`);
}

/** Makes `directory`, ours alone to write, and refuses one that somebody else put there. */
export async function claimOutsideDirectory(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const info = await lstat(directory);
  if (info.isDirectory() && info.uid === process.getuid?.()) return;
  throw new LauncherError(
    `${directory} belongs to somebody else, and Elasticsearch's files would go there.`,
    'Remove it, or set TMPDIR to a folder of your own that every user can enter.',
  );
}

/** Gives everything below `directory`, itself included, to `uid`. */
export async function giveTo(uid: number | undefined, directory: string): Promise<void> {
  if (uid === undefined) return;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  await Promise.all(entries.map((entry) => chown(join(entry.parentPath, entry.name), uid, uid)));
  await chown(directory, uid, uid);
}
