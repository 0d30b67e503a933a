/** What the engines keep between starts. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outsideDirectory } from './unprivileged.ts';

/** The folder of one engine's data. */
export function engineDirectory(dataDir: string, engine: 'elasticsearch' | 'mongodb' | 'temporal'): string {
  return join(dataDir, engine);
}

/** Deletes the data of all engines, also what lies outside the project. They must not run. */
export async function deleteEngineData(dataDir: string): Promise<void> {
  const folders = (['elasticsearch', 'mongodb', 'temporal'] as const).map((engine) => engineDirectory(dataDir, engine));
  // Elasticsearch's may lie elsewhere, where the user it runs as can reach them.
  const outside = outsideDirectory(engineDirectory(dataDir, 'elasticsearch'));
  for (const folder of [...folders, outside]) await rm(folder, { recursive: true, force: true });
}
