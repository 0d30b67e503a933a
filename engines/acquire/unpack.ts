/** Archives to folders: wheels and zips with yauzl, tarballs with the system's tar. Kept is what lies below one folder. */
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, open, type ZipFile } from 'yauzl';
import { run } from '../commands.ts';

const permissionBits = 0o777;
/** Readable by all whatever our umask: Elasticsearch may run as another user. */
const readableByAll = 0o644;

const openZip = promisify<string, { lazyEntries: boolean }, ZipFile>(open);

async function extractEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  const openStream = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  await mkdir(dirname(target), { recursive: true });
  await pipeline(await openStream(entry), createWriteStream(target));
  await chmod(target, ((entry.externalFileAttributes >>> 16) & permissionBits) | readableByAll);
}

function visitEntries(zip: ZipFile, visit: (entry: Entry) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      visit(entry).then(() => zip.readEntry(), reject);
    });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
}

/** Unpacks what lies below `folder` of a zip (or wheel) into `directory`. yauzl refuses names that climb out. */
export async function unzip(archive: string, folder: string, directory: string): Promise<void> {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const zip = await openZip(archive, { lazyEntries: true });
  try {
    await visitEntries(zip, async (entry) => {
      if (!entry.fileName.startsWith(prefix) || entry.fileName.endsWith('/')) return;
      await extractEntry(zip, entry, join(directory, entry.fileName.slice(prefix.length)));
    });
  } finally {
    zip.close();
  }
}

/** Unpacks what lies below `folder` of a gzipped tarball into `directory`, which must not exist. */
export async function untar(archive: string, folder: string, directory: string): Promise<void> {
  const whole = `${directory}.whole`;
  await mkdir(whole, { recursive: true });
  try {
    await run('tar', ['-xzf', archive, '-C', whole, '--no-same-owner']);
    await rename(join(whole, folder), directory);
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}
