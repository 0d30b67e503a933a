/** A lock file held by a living process. A holder that died, or whose pid was reused, holds nothing. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './processes.ts';

const waitPollMs = 250;

export interface LockHolder extends ProcessIdentity {
  /** What the holder is doing, in words: `npm start`. */
  purpose: string;
  /** ISO 8601. */
  since: string;
}

export type LockAttempt = { kind: 'held'; release(): void } | { kind: 'refused'; holder: LockHolder };

export function describeHolder(holder: LockHolder): string {
  return `process ${holder.pid} (${holder.purpose}, since ${holder.since})`;
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

function isSame(left: LockHolder | undefined, right: LockHolder | undefined): boolean {
  return left?.pid === right?.pid && left?.startTime === right?.startTime;
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function removeStale(path: string, stale: LockHolder | undefined): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Somebody may have taken the lock between our look and our rename: theirs goes back.
  if (!isSame(readHolder(aside), stale)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

/** Takes the lock at `path`, or says which living process holds it. */
export function tryLock(path: string, purpose: string): LockAttempt {
  const self = identify(process.pid);
  if (!self) throw new Error('This process cannot find itself in the process table');
  const holder: LockHolder = { ...self, purpose, since: new Date().toISOString() };
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft-${process.pid}`;
  // Written first and linked into place: a lock file is never seen half written.
  writeFileSync(draft, JSON.stringify(holder));
  try {
    while (!tryLink(draft, path)) {
      const current = readHolder(path);
      if (current && isAlive(current)) return { kind: 'refused', holder: current };
      removeStale(path, current);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    kind: 'held',
    release() {
      if (isSame(readHolder(path), holder)) rmSync(path, { force: true });
    },
  };
}

/** Runs `work` under the lock, waiting for a living holder; `onWait` is told once who that is. */
export async function withLock<T>(
  path: string,
  purpose: string,
  onWait: (holder: LockHolder) => void,
  work: () => Promise<T>,
): Promise<T> {
  let attempt = tryLock(path, purpose);
  if (attempt.kind === 'refused') onWait(attempt.holder);
  while (attempt.kind === 'refused') {
    await delay(waitPollMs);
    attempt = tryLock(path, purpose);
  }
  try {
    return await work();
  } finally {
    attempt.release();
  }
}
