import type { Owner } from './owner.ts';

const pattern = /^([^~]+)~(\d+)~(\d*)~\d+\.jsonl$/;

/** `n` tells files of one process apart. */
export function fileNameOf({ host, pid, startedAt }: Owner, n: number): string {
  return `${host}~${pid}~${startedAt}~${n}.jsonl`;
}

/** Whose file it is; null for what is no spool file. */
export function ownerOf(fileName: string): Owner | null {
  const [, host, pid, startedAt] = pattern.exec(fileName) ?? [];
  return host === undefined || pid === undefined || startedAt === undefined
    ? null
    : { host, pid: Number(pid), startedAt };
}
