/** Folders for one test file, gone when it ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A function that makes a new empty folder on every call; all are deleted after the tests of the file. */
export function temporaryDirectories(prefix: string): () => string {
  const made: string[] = [];
  after(() => {
    for (const directory of made) rmSync(directory, { recursive: true, force: true });
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), `${prefix}-`));
    made.push(directory);
    return directory;
  };
}
