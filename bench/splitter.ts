/** Speed of the text splitter, one core: `node bench/splitter.ts`. Prints MB/s of UTF-16 units, best of five. */
import { createExpressionCompiler } from '../src/adapters/parsing/user-regex.ts';
import { splitterOptions } from '../src/core/splitter/options.ts';
import type { SplitterSettings } from '../src/core/splitter/settings.ts';
import { splitText } from '../src/core/splitter/split.ts';

const million = 1_000_000;
const base: SplitterSettings = {
  chunkSize: 2048,
  chunkMinSize: 0,
  chunkOverlap: 0,
  separators: [],
  isSeparatorRegex: false,
  preset: 'markdown',
  disableChunking: false,
};

const markdown = fill(
  '## A heading of some length\n\n' +
    'A paragraph of ordinary words, which is what most documents are made of, *with emphasis* and a [link](/x). '.repeat(
      6,
    ) +
    '\n\n- first item\n- second item\n- third item, longer than the others\n\n```js\nconst x = 1;\n```\n\n',
);
const withEmoji = markdown.replaceAll('ordinary', 'ordinary 😀');
const onePart = markdown.replaceAll('\n', ' ');

const cases: [name: string, text: string, settings: Partial<SplitterSettings>][] = [
  ['Markdown', markdown, {}],
  ['Markdown, size 300, overlap 60', markdown, { chunkSize: 300, chunkOverlap: 60 }],
  ['Markdown, smallest size 200', markdown, { chunkMinSize: 200 }],
  ['Markdown with emoji', withEmoji, {}],
  ['Markdown as visualbasic6', markdown, { preset: 'visualbasic6' }],
  ['Markdown as csharp', markdown, { preset: 'csharp' }],
  ['Markdown as latex', markdown, { preset: 'latex' }],
  [
    'Markdown by user expressions',
    markdown,
    { separators: ['\\n#+ ', '\\n\\s*\\n', '\\s+', ''], isSeparatorRegex: true },
  ],
  ['one paragraph', onePart, {}],
  ['hostile: only a', 'a'.repeat(million), {}],
  ['hostile: only line feeds', '\n'.repeat(million), {}],
  ['hostile: only line feeds, overlap = size', '\n'.repeat(million), { chunkOverlap: 2048 }],
  ['hostile: only a, overlap = size', 'a'.repeat(million), { chunkOverlap: 2048 }],
  ['hostile: alternating separators', '\n# ```\n\n***\n \n---\n'.repeat(million / 20), { chunkSize: 10 }],
  ['hostile: lone surrogates', '\ud83d \udc00'.repeat(million / 3), { chunkSize: 10 }],
  ['hostile: size 1', markdown, { chunkSize: 1 }],
];

for (const [name, text, settings] of cases) {
  let bestMs = Infinity;
  let chunks = 0;
  for (let round = 0; round < 5; round += 1) {
    const options = splitterOptions({ ...base, ...settings }, createExpressionCompiler());
    const startedAt = performance.now();
    chunks = splitText(text, options).length;
    bestMs = Math.min(bestMs, performance.now() - startedAt);
  }
  const speed = text.length / million / (bestMs / 1000);
  console.log(`${name.padEnd(42)} ${speed.toFixed(1).padStart(8)} MB/s ${String(chunks).padStart(9)} chunks`);
}

/** About 4 MB of one unit of text. */
function fill(unit: string): string {
  return unit.repeat(Math.ceil((4 * million) / unit.length));
}
