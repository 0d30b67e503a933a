import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createExpressionCompiler } from '../../../src/adapters/parsing/user-regex.ts';
import { splitterOptions } from '../../../src/core/splitter/options.ts';
import { presetNames } from '../../../src/core/splitter/presets.ts';
import { splitText } from '../../../src/core/splitter/split.ts';

/** The format is described, and written, by `test/golden/splitter/generate.py`. */
interface Group {
  preset?: string;
  separators?: string[];
  regex?: boolean;
  texts: string[];
  cases: [textIndex: number, chunkSize: number, chunkOverlap: number, spans: number[]][];
}

const folder = new URL('../../golden/splitter/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('splitText makes the chunks of the Python original', () => {
  for (const file of files) {
    it(`in every case of ${file}`, () => {
      for (const group of JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Group[]) assertSame(group);
    });
  }

  it('with a golden file for every preset that Python has', () => {
    const covered = files.flatMap((name) => /^preset-(.+)\.json$/.exec(name)?.[1] ?? []);
    assert.deepEqual([...covered, 'perl'].sort(), [...presetNames].sort());
  });
});

function assertSame(group: Group): void {
  for (const [textIndex, chunkSize, chunkOverlap, spans] of group.cases) {
    const text = group.texts[textIndex] ?? assert.fail(`no text ${textIndex}`);
    const options = splitterOptions(
      {
        chunkSize,
        chunkMinSize: 0,
        chunkOverlap,
        separators: group.separators ?? [],
        isSeparatorRegex: group.regex ?? false,
        preset: group.preset ?? 'markdown',
        disableChunking: false,
      },
      createExpressionCompiler(),
    );
    const contents = splitText(text, options).map((span) => text.slice(span.start, span.end));
    const label = JSON.stringify({ separators: group.preset ?? group.separators, text, chunkSize, chunkOverlap });
    assert.deepEqual(contents, expectedContents(text, spans), label);
  }
}

function expectedContents(text: string, spans: readonly number[]): string[] {
  const contents: string[] = [];
  let start = 0;
  for (let index = 0; index < spans.length; index += 2) {
    start += spans[index] ?? 0;
    contents.push(text.slice(start, start + (spans[index + 1] ?? 0)));
  }
  return contents;
}
