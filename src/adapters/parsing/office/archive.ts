import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { GatewayError } from '../../../core/errors.ts';
import type { ParsingLimits } from '../limits.ts';

/**
 * Opens an archive by its directory, lists its entries and closes it. Refuses one that is damaged, has too many
 * entries, entries under a password, or names that lead out of it.
 */
export async function withArchive<Result>(
  path: string,
  limits: ParsingLimits,
  use: (entries: readonly Entry[], open: (entry: Entry) => Promise<Readable>) => Promise<Result>,
): Promise<Result> {
  const archive = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false }).catch(refuseDamaged);
  try {
    requireEntryCount(archive.entryCount, limits);
    const entries = await listEntries(archive, limits);
    if (entries.some((entry) => entry.isEncrypted())) refuseEncrypted();
    return await use(entries, (entry) => archive.openReadStreamPromise(entry).catch(refuseDamaged));
  } finally {
    archive.close();
  }
}

async function listEntries(archive: ZipFile, limits: ParsingLimits): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of archive.eachEntry()) {
      entries.push(entry);
      requireEntryCount(entries.length, limits);
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    // A name such as `../x` is refused by the library, in words of its own.
    refuseDamaged(error);
  }
  return entries;
}

function requireEntryCount(count: number, { maxArchiveEntries }: ParsingLimits): void {
  if (count <= maxArchiveEntries) return;
  throw new GatewayError(
    'document_too_large',
    `The file is an archive of ${count} entries; at most ${maxArchiveEntries} are read.`,
  );
}

export function refuseEncrypted(): never {
  throw new GatewayError('unprocessable_document', 'The file is protected by a password; send it without one.');
}

export function refuseDamaged(cause: unknown): never {
  throw new GatewayError('unprocessable_document', 'The file is a damaged, cut off or unsafe ZIP archive.', { cause });
}

/** The text of one entry, or null if there is none. For archives that `guardArchive` let pass. */
export async function readEntryText(path: string, name: string, limits: ParsingLimits): Promise<string | null> {
  return await withArchive(path, limits, async (entries, open) => {
    const entry = entries.find(({ fileName }) => fileName === name);
    if (entry === undefined) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of await open(entry)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  });
}
