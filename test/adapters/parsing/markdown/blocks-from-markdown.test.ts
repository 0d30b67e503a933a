import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { blocksFromMarkdown } from '../../../../src/adapters/parsing/markdown/blocks-from-markdown.ts';
import { cpuMsOf } from '../../../helpers/cpu-time.ts';
import { typed } from '../../../helpers/parsing.ts';

const blocksOf = (...lines: string[]) => typed(blocksFromMarkdown(lines.join('\n')));

const cases: { name: string; lines: string[]; expected: string[] }[] = [
  {
    name: 'paragraphs are parted by blank lines',
    lines: ['a', 'b', '', 'c'],
    expected: ['paragraph: a\nb', 'paragraph: c'],
  },
  {
    name: 'a heading interrupts a paragraph',
    lines: ['a', '## B', 'c'],
    expected: ['paragraph: a', 'heading: ## B', 'paragraph: c'],
  },
  {
    name: 'an underlined line is a heading',
    lines: ['Title', '=====', 'Sub', '---'],
    expected: ['heading: # Title', 'heading: ## Sub'],
  },
  { name: 'a hashtag is no heading', lines: ['#tag'], expected: ['paragraph: #tag'] },
  { name: 'a heading without text is left out', lines: ['##', 'a'], expected: ['paragraph: a'] },
  { name: 'a rule is left out', lines: ['a', '', '* * *', '', 'b'], expected: ['paragraph: a', 'paragraph: b'] },
  {
    name: 'fenced code keeps blank lines and what looks like other blocks',
    lines: ['```js', '# no', '', '- no', '```', 'a'],
    expected: ['code: ```js\n# no\n\n- no\n```', 'paragraph: a'],
  },
  {
    name: 'a fence that is never closed runs to the end',
    lines: ['~~~', 'a', '', 'b'],
    expected: ['code: ~~~\na\n\nb'],
  },
  {
    name: 'a shorter fence does not close a longer one',
    lines: ['````', '```', 'a', '````'],
    expected: ['code: ````\n```\na\n````'],
  },
  {
    name: 'indented code keeps its indentation',
    lines: ['a', '', '    x', '', '      y', 'b'],
    expected: ['paragraph: a', 'code:     x\n\n      y', 'paragraph: b'],
  },
  { name: 'an indented line within a paragraph is no code', lines: ['a', '    b'], expected: ['paragraph: a\nb'] },
  {
    name: 'a nested list is one block',
    lines: ['- a', '  - b', '    more', '- c'],
    expected: ['list: - a\n  - b\n    more\n- c'],
  },
  {
    name: 'blank lines between items do not part a list',
    lines: ['1. a', '', '2. b', '', '   more', '', 'c'],
    expected: ['list: 1. a\n\n2. b\n\n   more', 'paragraph: c'],
  },
  {
    name: 'a list of another kind after a blank line is another list',
    lines: ['- a', '', '1. b'],
    expected: ['list: - a', 'list: 1. b'],
  },
  {
    name: 'a list keeps code within an item',
    lines: ['- a', '  ```', '', '  x', '  ```', '- b'],
    expected: ['list: - a\n  ```\n\n  x\n  ```\n- b'],
  },
  { name: 'a lazy line belongs to its item', lines: ['- a', 'b', '', 'c'], expected: ['list: - a\nb', 'paragraph: c'] },
  {
    name: 'a year at the start of a line does not begin a list',
    lines: ['It was in', '1984. Then'],
    expected: ['paragraph: It was in\n1984. Then'],
  },
  {
    name: 'a quote takes its lazy lines',
    lines: ['> a', 'b', '> c', '', 'd'],
    expected: ['quote: > a\nb\n> c', 'paragraph: d'],
  },
  {
    name: 'a table ends at a blank line',
    lines: ['| a | b |', '|---|:-:|', '| 1 | 2 |', '3 | 4', '', 'c'],
    expected: ['table: | a | b |\n|---|:-:|\n| 1 | 2 |\n3 | 4', 'paragraph: c'],
  },
  {
    name: 'a line of dashes of another width makes no table',
    lines: ['a | b', '---'],
    expected: ['heading: ## a | b'],
  },
  {
    name: 'an escaped pipe is no cell',
    lines: ['| a \\| b |', '| --- |', '| c |'],
    expected: ['table: | a \\| b |\n| --- |\n| c |'],
  },
  {
    name: 'line ends of other systems are read',
    lines: ['a\r', '\r', 'b\rc'],
    expected: ['paragraph: a', 'paragraph: b\nc'],
  },
];

describe('blocks of Markdown', () => {
  for (const { name, lines, expected } of cases) test(name, () => assert.deepEqual(blocksOf(...lines), expected));

  const line = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '# h',
      '- i',
      '  - n',
      '1. o',
      '> q',
      '```',
      '~~~',
      '| a | b |',
      '| - | - |',
      '---',
      '===',
    ),
    fc.constantFrom('    code', '\tcode', '  text', 'word', '2) x', '-', '#', '***', 'a|b', '-|-', '   > z', '+ p'),
    fc.string({ maxLength: 12 }),
  );

  test('no word is lost, doubled or moved', () => {
    const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('\n').replaceAll('\0', '');
        assert.deepEqual(
          blocksFromMarkdown(text).flatMap(({ markdown }) => words(markdown)),
          words(text),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('no block is empty or has blank lines around it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        for (const { markdown } of blocksFromMarkdown(lines.join('\n'))) {
          assert.match(markdown, /\S/);
          assert.doesNotMatch(markdown, /^\s*\n|\n\s*$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('the time grows with the number of lines, not with its square', () => {
    for (const line of ['', '-', '- ', '    ', '> ', '|', '| - |', '```', '=', 'a', '[', '  -']) {
      const cpuMs = cpuMsOf(() => blocksFromMarkdown(`${line}\n`.repeat(100_000)));
      assert.ok(cpuMs < 10_000, `${cpuMs} ms for lines of ${JSON.stringify(line)}`);
    }
  });
});
