import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { markdownReader } from '../../../../src/adapters/parsing/markdown/markdown-reader.ts';
import { fileOf, readBlocks, readParts, typed } from '../../../helpers/parsing.ts';

const small = { ...defaultParsingLimits, partBytes: 1_000 };

describe('Markdown files', () => {
  test('front matter becomes a block of code', async (t) => {
    const blocks = await readBlocks(t, markdownReader, '---\ntitle: A\ntags: [b]\n---\n# Head\ntext');
    assert.deepEqual(blocks, ['code: ```yaml\ntitle: A\ntags: [b]\n```', 'heading: # Head', 'paragraph: text']);
  });

  test('two rules with text between them are no front matter', async (t) => {
    assert.deepEqual(await readBlocks(t, markdownReader, '---\n\nNo keys here\n\n---\n'), ['paragraph: No keys here']);
  });

  test('a long file is cut before a heading', async (t) => {
    const section = `${'words and words. '.repeat(40)}\n\n`;
    const text = `# One\n\n${section}# Two\n\n${section}# Three\n\n${section}`;
    const parts = await readParts(markdownReader, await fileOf(t, text), small);
    assert.deepEqual(
      parts.map(({ blocks }) => blocks.filter(({ type }) => type === 'heading').map(({ markdown }) => markdown)),
      [['# One'], ['# Two'], ['# Three']],
    );
  });

  test('a long file is not cut within fenced code', async (t) => {
    const code = `\`\`\`\n${'# line\n\n'.repeat(200)}\`\`\``;
    const parts = await readParts(markdownReader, await fileOf(t, `${'a\n\n'.repeat(200)}${code}\n\nend`), small);
    const codes = parts.flatMap(({ blocks }) => blocks).filter(({ type }) => type === 'code');
    assert.deepEqual(typed(codes), [`code: ${code}`]);
  });

  test('a long file is not cut between the items of a list', async (t) => {
    const list = '- item\n\n'.repeat(200).trimEnd();
    const parts = await readParts(markdownReader, await fileOf(t, `${'a\n\n'.repeat(100)}${list}\n\nend`), small);
    const lists = parts.flatMap(({ blocks }) => blocks).filter(({ type }) => type === 'list');
    assert.deepEqual(typed(lists), [`list: ${list}`]);
  });
});
