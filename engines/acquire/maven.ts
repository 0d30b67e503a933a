/** One artifact from Maven Central, by Maven, through the local repository of the user. */
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run } from '../commands.ts';
import { LauncherError } from '../launcher-error.ts';
import { findMaven } from '../tools.ts';
import type { MavenSource } from '../versions.ts';
import { ensureHash } from './hash.ts';

export const mavenRemedy =
  'Install Maven with a JDK 17 or later (Debian: apt install maven openjdk-17-jdk-headless; macOS: brew install maven).';

const helpPlugin = 'org.apache.maven.plugins:maven-help-plugin:3.5.1';
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

async function findLocalRepository(maven: string, scratchDir: string): Promise<string> {
  const expression = ['-Dexpression=settings.localRepository', '-DforceStdout'];
  // In a folder of ours: Maven would read a pom.xml that lies in the current one, and leaves marker files behind.
  const output = await run(maven, ['-q', '-B', `${helpPlugin}:evaluate`, ...expression], { cwd: scratchDir });
  const path = stripVTControlCharacters(output).trim().split('\n').at(-1);
  if (!path) throw new Error('Maven did not say where its local repository is');
  return path;
}

/**
 * Calls `use` with the path of the artifact's zip, fetched unless the local repository has it, after its hash was
 * checked. A zip that was not there before is removed afterwards: it is large, and only its unpacked part is needed.
 */
export async function withMavenArtifact(
  source: MavenSource,
  scratchDir: string,
  use: (zip: string) => Promise<void>,
): Promise<void> {
  const maven = await findMaven();
  if (!maven) throw new LauncherError('There is no Maven (mvn) on this machine.', mavenRemedy);
  const repository = await findLocalRepository(maven, scratchDir);
  const { group, artifact, version } = source;
  const zip = join(repository, ...group.split('.'), artifact, version, `${artifact}-${version}.zip`);
  const wasThere = await stat(zip).then(
    () => true,
    () => false,
  );
  try {
    if (!wasThere) {
      const coordinates = `-Dartifact=${group}:${artifact}:${version}:zip`;
      await run(maven, ['-q', '-B', `${dependencyPlugin}:get`, coordinates, '-Dtransitive=false'], { cwd: scratchDir });
    }
    await ensureHash(zip, source.sha256);
    await use(zip);
  } finally {
    if (!wasThere) await rm(dirname(zip), { recursive: true, force: true });
  }
}
