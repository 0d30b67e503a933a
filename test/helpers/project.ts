import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A path of the project, wherever the tests are run from. */
export function projectPath(path: string): string {
  return join(root, path);
}
