import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cpuMsOf } from '../../../src/adapters/parsing/host/process-usage.ts';
import {
  createDocumentParser,
  type DocumentParserSettings,
  defaultDocumentParserSettings,
  type HostedDocumentParser,
} from '../../../src/adapters/parsing/host.ts';
import { defaultParsingLimits, type ParsingLimits } from '../../../src/adapters/parsing/limits.ts';
import type { DocumentPart, Inspection } from '../../../src/core/document.ts';
import { picturePath } from '../../helpers/ocr-pictures.ts';
import { isRunning, noOptions, temporaryFolder, typed } from '../../helpers/parsing.ts';

const mebibyte = 1024 * 1024;
/** Elsewhere nobody tells what a process has used. */
const onLinux = process.platform === 'linux';
const never = new AbortController().signal;
const textHint = { name: 'a.txt', mediaType: null };
const pictureHint = { name: 'a.png', mediaType: null };

interface Stage {
  parser: HostedDocumentParser;
  write(name: string, content: string | Buffer): Promise<string>;
}

async function stage(t: TestContext, changes: Partial<DocumentParserSettings> = {}): Promise<Stage> {
  const folder = await temporaryFolder(t);
  const settings = { ...defaultDocumentParserSettings, processes: 1, readableFolders: [folder], ...changes };
  const parser = createDocumentParser(settings);
  t.after(() => parser.close());
  return {
    parser,
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
  };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - started < 120_000, what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const extract = (parser: HostedDocumentParser, path: string, found: Inspection, signal = never) =>
  parser.extract(path, found, { from: 1, to: found.parts }, noOptions, signal);

async function collect(parts: AsyncIterable<DocumentPart>): Promise<DocumentPart[]> {
  const all: DocumentPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

const paragraphs = (bytes: number) => 'some words of a line\n\n'.repeat(bytes / 22);

describe('the parser host', () => {
  test('a file is inspected and extracted', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', '# Head\n\ntext');
    const found = await parser.inspect(path, { name: 'a.md', mediaType: null }, never);
    assert.deepEqual(found, { type: 'markdown', mediaType: 'text/markdown', parts: 1, unit: 'part' });
    const parts = await collect(extract(parser, path, found));
    assert.deepEqual(
      parts.map(({ number, blocks }) => [number, typed(blocks)]),
      [[1, ['heading: # Head', 'paragraph: text']]],
    );
  });

  test('a range of parts is extracted by itself', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(5 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    const parts = await collect(parser.extract(path, found, { from: 2, to: 4 }, noOptions, never));
    assert.deepEqual(
      parts.map(({ number }) => number),
      [2, 3, 4],
    );
  });

  test('a fault of the file arrives as it was thrown', async (t) => {
    const { parser, write } = await stage(t);
    await assert.rejects(parser.inspect(await write('a', '{\\rtf1}'), textHint, never), {
      name: 'GatewayError',
      code: 'unsupported_media_type',
      publicMessage: /RTF/,
    });
  });

  test('an empty file is refused', async (t) => {
    const { parser, write } = await stage(t);
    await assert.rejects(parser.inspect(await write('a', ''), textHint, never), {
      code: 'unprocessable_document',
      publicMessage: 'The file is empty.',
    });
  });

  test('a file that is not there, or not in a readable folder, is our fault', async (t) => {
    const { parser } = await stage(t);
    for (const path of ['/nowhere/a.txt', '/etc/hostname']) {
      await assert.rejects(parser.inspect(path, textHint, never), { code: 'internal_error' });
    }
  });

  test('a part of more text than the limit is refused', async (t) => {
    const { parser, write } = await stage(t, { limits: { ...defaultParsingLimits, maxPartBytes: 5 } });
    const path = await write('a', 'sixsix');
    const found = await parser.inspect(path, textHint, never);
    await assert.rejects(collect(extract(parser, path, found)), {
      code: 'document_too_large',
      publicMessage: 'Part 1 of the file holds 6 bytes of text; at most 5 are read from one part.',
    });
  });

  test('a child that needs too long is killed', async (t) => {
    const { parser, write } = await stage(t, { limits: { ...defaultParsingLimits, timeoutMs: 20 } });
    const path = await write('a', paragraphs(100 * mebibyte));
    await assert.rejects(parser.inspect(path, textHint, never), {
      code: 'unprocessable_document',
      publicMessage: 'Reading the file took longer than 0.02 seconds and was stopped.',
    });
    assert.deepEqual(parser.processIds, []);
  });

  test('a child that needs too much processor time is killed', { skip: !onLinux }, async (t) => {
    const { parser, write } = await stage(t, { limits: { ...defaultParsingLimits, maxCpuMs: 200 } });
    const path = await write('a.html', `<html>${'<p>b<i>c</i></p>'.repeat(400_000)}</html>`);
    const reading = async () => collect(extract(parser, path, await parser.inspect(path, textHint, never)));
    await assert.rejects(reading, {
      code: 'unprocessable_document',
      publicMessage: 'Reading the file needs more than 0.2 seconds of processor time and was stopped.',
    });
    assert.deepEqual(parser.processIds, []);
  });

  test('processor time is counted for each part by itself', { skip: !onLinux }, async (t) => {
    const maxCpuMs = 800;
    const { parser: patient, write } = await stage(t);
    const path = await write('a', paragraphs(32 * mebibyte));
    const found = await patient.inspect(path, textHint, never);
    const limits = { ...defaultParsingLimits, maxCpuMs };
    const readableFolders = [dirname(path)];
    const parser = createDocumentParser({ ...defaultDocumentParserSettings, readableFolders, limits });
    t.after(() => parser.close());
    assert.equal((await collect(extract(parser, path, found))).length, found.parts);
    assert.ok((await cpuMsOf(parser.processIds[0])) > maxCpuMs);
  });

  /** All of the budget of a picture is spent on its recognition: reading the file takes next to nothing. */
  async function recognised(t: TestContext, limits: Partial<ParsingLimits>): Promise<DocumentPart[]> {
    const { parser, write } = await stage(t, { limits: { ...defaultParsingLimits, ...limits } });
    const path = await write('a.png', await readFile(picturePath('small')));
    return collect(extract(parser, path, await parser.inspect(path, pictureHint, never)));
  }

  test('recognition does not count as reading the file', { skip: !onLinux }, async (t) => {
    const [part] = await recognised(t, { maxCpuMs: 2_000 });
    assert.match(part?.blocks[0]?.markdown ?? '', /\w/);
  });

  test('recognition that needs too much processor time is stopped', { skip: !onLinux }, async (t) => {
    await assert.rejects(recognised(t, { maxRecognitionCpuMs: 200 }), {
      publicMessage: 'Reading the file needs more than 0.2 seconds of processor time and was stopped.',
    });
  });

  test('recognition that takes too long is stopped', async (t) => {
    await assert.rejects(recognised(t, { recognitionTimeoutMs: 20 }), {
      publicMessage: 'Reading the file took longer than 0.02 seconds and was stopped.',
    });
  });

  test('a child that needs too much memory is killed', async (t) => {
    const { parser, write } = await stage(t, { limits: { ...defaultParsingLimits, maxMemoryBytes: 200 * mebibyte } });
    const path = await write('a.html', `<html>${'<p class=a>b<i>c</i></p>'.repeat(500_000)}</html>`);
    const found = await parser.inspect(path, textHint, never);
    await assert.rejects(collect(extract(parser, path, found)), {
      code: 'unprocessable_document',
      publicMessage: 'Reading the file needs more than 200 MiB of memory and was stopped.',
    });
    assert.deepEqual(parser.processIds, []);
  });

  test('an abort rejects with its reason at once and ends the child', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a.html', `<html>${'<p>b<i>c</i></p>'.repeat(200_000)}</html>`);
    const found = await parser.inspect(path, textHint, never);
    const [id = 0] = parser.processIds;
    const controller = new AbortController();
    const reading = collect(extract(parser, path, found, controller.signal));
    controller.abort(new Error('gone'));
    await assert.rejects(reading, { message: 'gone' });
    await until(() => !isRunning(id), 'the child to end');
  });

  test('a signal that is aborted already starts nothing', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', 'x');
    await assert.rejects(parser.inspect(path, textHint, AbortSignal.abort(new Error('early'))), { message: 'early' });
    assert.deepEqual(parser.processIds, []);
  });

  test('after a crash another child goes on where the first one died', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(4 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    const whole = await collect(extract(parser, path, found));
    const parts: DocumentPart[] = [];
    for await (const part of extract(parser, path, found)) {
      parts.push(part);
      if (part.number === 2) for (const id of parser.processIds) process.kill(id, 'SIGKILL');
    }
    assert.deepEqual(parts, whole);
  });

  test('a second crash is the fault of the file', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(4 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    const reading = async () => {
      for await (const _ of extract(parser, path, found)) {
        for (const id of parser.processIds) process.kill(id, 'SIGKILL');
      }
    };
    await assert.rejects(reading, { code: 'unprocessable_document', publicMessage: /makes its parser fail/ });
  });

  test('a child is used again, and replaced after its number of tasks', async (t) => {
    const { parser, write } = await stage(t, { tasksPerProcess: 2 });
    const path = await write('a', 'x');
    const seen: (readonly number[])[] = [];
    for (let round = 0; round < 3; round += 1) {
      await parser.inspect(path, textHint, never);
      seen.push(parser.processIds);
    }
    assert.deepEqual([seen[0]?.length, seen[1]?.length, seen[2]?.length], [1, 0, 1]);
    assert.notDeepEqual(seen[0], seen[2]);
  });

  test('a child with nothing to do is ended', async (t) => {
    const { parser, write } = await stage(t, { idleTimeoutMs: 30 });
    await parser.inspect(await write('a', 'x'), textHint, never);
    const [id = 0] = parser.processIds;
    await until(() => parser.processIds.length === 0 && !isRunning(id), 'the idle child to end');
  });

  test('no more children work than there are places', async (t) => {
    const { parser, write } = await stage(t, { processes: 2 });
    const path = await write('a', paragraphs(mebibyte));
    let most = 0;
    const inspections = Array.from({ length: 6 }, async () => {
      await parser.inspect(path, textHint, never);
      most = Math.max(most, parser.processIds.length);
    });
    await Promise.all(inspections);
    assert.equal(most, 2);
  });

  test('who waits for a child can leave', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(3 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    const reading = extract(parser, path, found)[Symbol.asyncIterator]();
    await reading.next();
    const controller = new AbortController();
    const waiting = parser.inspect(path, textHint, controller.signal);
    controller.abort(new Error('left'));
    await assert.rejects(waiting, { message: 'left' });
    await reading.return?.();
    assert.equal((await parser.inspect(path, textHint, never)).parts, found.parts);
  });

  test('a reader who leaves early frees the place', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(3 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    for await (const { number } of extract(parser, path, found)) {
      assert.equal(number, 1);
      break;
    }
    assert.equal((await collect(extract(parser, path, found))).length, found.parts);
  });

  test('closing ends everything and refuses what comes after', async (t) => {
    const { parser, write } = await stage(t);
    const path = await write('a', paragraphs(3 * mebibyte));
    const found = await parser.inspect(path, textHint, never);
    const reading = extract(parser, path, found)[Symbol.asyncIterator]();
    await reading.next();
    const [id = 0] = parser.processIds;
    const next = reading.next();
    await parser.close();
    await assert.rejects(next, { code: 'unavailable' });
    await assert.rejects(parser.inspect(path, textHint, never), { code: 'unavailable' });
    assert.equal(isRunning(id), false);
  });

  test('no child outlives a parent that is killed', async (t) => {
    const { write } = await stage(t);
    const script = fileURLToPath(new URL('host/orphan-maker.ts', import.meta.url));
    const parent = spawn(process.execPath, [script, await write('a', 'x')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data');
    const id = Number(line);
    assert.ok(isRunning(id));
    parent.kill('SIGKILL');
    await until(() => !isRunning(id), 'the orphan to end');
  });
});
