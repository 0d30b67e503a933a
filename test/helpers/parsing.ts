import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FormatReader } from '../../src/adapters/parsing/format.ts';
import { defaultParsingLimits } from '../../src/adapters/parsing/limits.ts';
import type { Block, DocumentPart } from '../../src/core/document.ts';

export const noOptions = { forceOcr: false, languages: ['eng'] };

/** A folder that is gone when the test is. */
export async function temporaryFolder(test: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'parsing-test-')));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file that is gone when the test is. */
export async function fileOf(
  test: Pick<TestContext, 'after'>,
  content: string | Buffer,
  name = 'document',
): Promise<string> {
  const path = join(await temporaryFolder(test), name);
  await writeFile(path, content);
  return path;
}

/** Every part that a reader finds, in this process. */
export async function readParts(
  reader: FormatReader,
  path: string,
  limits = defaultParsingLimits,
): Promise<DocumentPart[]> {
  const { parts } = await reader.inspect(path, limits);
  const found: DocumentPart[] = [];
  for await (const part of reader.extract(path, { from: 1, to: parts }, noOptions, limits)) found.push(part);
  return found;
}

/** Blocks as `type: markdown`, which reads well in a comparison. */
export function typed(blocks: readonly Block[]): string[] {
  return blocks.map(({ type, markdown }) => `${type}: ${markdown}`);
}

/** The blocks of a file that is one part. */
export async function readBlocks(
  test: Pick<TestContext, 'after'>,
  reader: FormatReader,
  content: string | Buffer,
): Promise<string[]> {
  const parts = await readParts(reader, await fileOf(test, content));
  return typed(parts.flatMap(({ blocks }) => blocks));
}

/** Whether a process lives; one that nobody has buried yet does not. */
export function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  const status = `/proc/${id}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
