import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import {
  docxReader,
  epubReader,
  odtReader,
  pptxReader,
  xlsxReader,
} from '../../../../src/adapters/parsing/office/office-readers.ts';
import {
  docxOf,
  epubOf,
  odtOf,
  pptxOf,
  relationshipsOf,
  wordParagraph,
  wordTable,
  xlsxOf,
} from '../../../helpers/office-files.ts';
import { fileOf, noOptions, readBlocks, readParts, typed } from '../../../helpers/parsing.ts';

const style = (id: string, name: string, rest = '') =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${rest}</w:style>`;
const level = (format: string) => `<w:lvl w:ilvl="0"><w:numFmt w:val="${format}"/></w:lvl>`;
const numbering = [
  `<w:abstractNum w:abstractNumId="7">${level('bullet')}</w:abstractNum>`,
  `<w:abstractNum w:abstractNumId="8">${level('decimal')}</w:abstractNum>`,
  '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>',
].join('');
const numbered = (text: string, list: string, paragraphStyle = 'Normal') =>
  `<w:p><w:pPr><w:pStyle w:val="${paragraphStyle}"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="${list}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe('Word documents', () => {
  test('headings are known by the name of their style, its outline level, and what it is based on', async (t) => {
    const styles = [
      style('berschrift1', 'heading 1', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
      style('Mine', 'My own', '<w:basedOn w:val="Base"/>'),
      style('Base', 'Base', '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
      style('Body', 'Body', '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
      style('Titel', 'Title'),
    ].join('');
    const body = ['Titel', 'berschrift1', 'Mine', 'Body'].map((id) => wordParagraph(`in ${id}`, id)).join('');
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body, { styles })), [
      'heading: # in Titel',
      'heading: # in berschrift1',
      'heading: ### in Mine',
      'paragraph: in Body',
    ]);
  });

  test('styles that are based on each other in a circle end', async (t) => {
    const styles = style('A', 'A', '<w:basedOn w:val="B"/>') + style('B', 'B', '<w:basedOn w:val="A"/>');
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(wordParagraph('a', 'A'), { styles })), ['paragraph: a']);
  });

  test('lists are kept, numbered by the paragraph or by its style', async (t) => {
    const styles = style('Bullets', 'Bullets', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>');
    const body = [
      wordParagraph('a', 'Bullets'),
      wordParagraph('b', 'Bullets'),
      wordParagraph('between'),
      numbered('c', '2'),
      numbered('d', '2'),
      numbered('none', '0', 'Bullets'),
    ].join('');
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body, { styles, numbering })), [
      'list: - a\n- b',
      'paragraph: between',
      'list: 1. c\n2. d',
      'paragraph: none',
    ]);
  });

  test('a heading with a number is a heading', async (t) => {
    const body = numbered('Introduction', '2', 'Heading2');
    const styles = style('Heading2', 'heading 2');
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body, { styles, numbering })), [
      'heading: ## Introduction',
    ]);
  });

  test('tables are GFM without empty rows', async (t) => {
    const body = wordTable([
      ['A', 'B | c'],
      ['1', '2'],
      ['', ''],
    ]);
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body)), [
      'table: | A | B \\| c |\n| --- | --- |\n| 1 | 2 |',
    ]);
  });

  test('a table that holds another is read in its order', async (t) => {
    const inner = wordTable([
      ['a', 'b'],
      ['1', '2'],
    ]);
    const body = `<w:tbl><w:tr><w:tc>${wordParagraph('before')}${inner}${wordParagraph('after')}</w:tc></w:tr></w:tbl>`;
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body)), [
      'paragraph: before',
      'table: | a | b |\n| --- | --- |\n| 1 | 2 |',
      'paragraph: after',
    ]);
  });

  test('text is as it was written, without backslashes', async (t) => {
    const body = wordParagraph('1. $5 [1] a_b *c* &lt;tag&gt; &amp;amp; ~ `x`') + wordParagraph('- typed');
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body)), [
      'paragraph: 1. $5 [1] a_b *c* <tag> &amp; ~ `x`',
      'paragraph: - typed',
    ]);
  });

  test('what a tracked change removed is not read', async (t) => {
    const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;
    const body = `<w:p>${run('kept')}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>${run(' new')}</w:ins></w:p>`;
    assert.deepEqual(await readBlocks(t, docxReader, docxOf(body)), ['paragraph: kept new']);
  });
});

describe('presentations', () => {
  test('a slide is a part with its title as label and heading', async (t) => {
    const path = await fileOf(t, pptxOf([{ title: 'One', lines: ['a', 'b'] }, { lines: ['no title'] }]));
    const parts = await readParts(pptxReader, path);
    assert.deepEqual(
      parts.map(({ number, label, blocks }) => [number, label, typed(blocks)]),
      [
        [1, 'One', ['heading: # One', 'paragraph: a', 'paragraph: b']],
        [2, null, ['paragraph: no title']],
      ],
    );
  });

  test('the numbers of a chart are a table, its pictures their description', async (t) => {
    const values = (kind: string, list: readonly string[]) =>
      `<c:${kind}><c:strRef><c:strCache>${list.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('')}</c:strCache></c:strRef></c:${kind}>`;
    const chart = `<?xml version="1.0"?><c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:barChart><c:ser>${values('tx', ['Sales'])}${values('cat', ['2023', '2024'])}${values('val', ['10', '20'])}</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`;
    const frame =
      '<p:graphicFrame><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId1"/></a:graphicData></a:graphic></p:graphicFrame>';
    const picture =
      '<p:pic><p:nvPicPr><p:cNvPr id="9" name="p" descr="A red | square"/></p:nvPicPr><p:blipFill><a:blip r:embed="rId2"/></p:blipFill></p:pic>';
    const deck = pptxOf(
      [{ title: 'T', shape: frame + picture }],
      [
        relationshipsOf('ppt/slides/_rels/slide1.xml.rels', {
          rId1: ['chart', '../charts/chart1.xml'],
          rId2: ['image', '../media/image1.png'],
        }),
        { name: 'ppt/charts/chart1.xml', data: chart },
        { name: 'ppt/media/image1.png', data: 'png' },
      ],
    );
    assert.deepEqual(await readBlocks(t, pptxReader, deck), [
      'heading: # T',
      'table: |  | Sales |\n| --- | --- |\n| 2023 | 10 |\n| 2024 | 20 |',
      'paragraph: A red | square',
    ]);
  });

  test('a range of slides is read by itself', async (t) => {
    const path = await fileOf(t, pptxOf(['A', 'B', 'C', 'D'].map((title) => ({ title }))));
    const labels: (string | null)[] = [];
    for await (const { label } of pptxReader.extract(path, { from: 2, to: 3 }, noOptions, defaultParsingLimits)) {
      labels.push(label);
    }
    assert.deepEqual(labels, ['B', 'C']);
  });

  test('more slides than the limit are refused', async (t) => {
    const path = await fileOf(t, pptxOf([{ title: 'A' }, { title: 'B' }]));
    assert.deepEqual(await pptxReader.inspect(path, { ...defaultParsingLimits, maxPages: 2 }), {
      parts: 2,
      unit: 'slide',
    });
    await assert.rejects(pptxReader.inspect(path, { ...defaultParsingLimits, maxPages: 1 }), {
      code: 'document_too_large',
      publicMessage: 'The file has 2 slides; at most 1 are read.',
    });
  });
});

describe('workbooks', () => {
  const blocksOfSheets = async (t: Parameters<typeof fileOf>[0], book: Parameters<typeof xlsxOf>[0]) => {
    const parts = await readParts(xlsxReader, await fileOf(t, xlsxOf(book)));
    return parts.map(({ label, blocks }) => [label, typed(blocks)]);
  };

  test('a sheet is a part with its name as label and a table', async (t) => {
    assert.deepEqual(
      await blocksOfSheets(t, {
        'North &amp; South': [
          ['a|b', 'c'],
          [1, 2.5],
        ],
        Empty: [],
      }),
      [
        ['North & South', ['table: | a\\|b | c |\n| --- | --- |\n| 1 | 2.5 |']],
        ['Empty', []],
      ],
    );
  });

  test('a title above a table is a paragraph', async (t) => {
    assert.deepEqual(await blocksOfSheets(t, { S: [['Report'], [], ['a', 'b'], [1, 2]] }), [
      ['S', ['paragraph: Report', 'table: | a | b |\n| --- | --- |\n| 1 | 2 |']],
    ]);
  });

  test('an empty row ends a table where another begins, not within data', async (t) => {
    assert.deepEqual(await blocksOfSheets(t, { S: [['a', 'b'], ['x', 1], [], ['y', 2], [], ['c', 'd'], ['z', 3]] }), [
      ['S', ['table: | a | b |\n| --- | --- |\n| x | 1 |\n| y | 2 |', 'table: | c | d |\n| --- | --- |\n| z | 3 |']],
    ]);
  });

  test('columns in which nothing stands are left out', async (t) => {
    assert.deepEqual(
      await blocksOfSheets(t, {
        S: [
          [null, 'a', null, 'b'],
          [null, 1, null, 2],
        ],
      }),
      [['S', ['table: | a | b |\n| --- | --- |\n| 1 | 2 |']]],
    );
  });
});

describe('OpenDocument texts', () => {
  test('headings, paragraphs and tables', async (t) => {
    const row = (...cells: string[]) =>
      `<table:table-row>${cells.map((cell) => `<table:table-cell><text:p>${cell}</text:p></table:table-cell>`).join('')}</table:table-row>`;
    const body = `<text:h text:outline-level="2">Head</text:h><text:p>Text</text:p><table:table>${row('a', 'b')}${row('1', '2')}</table:table>`;
    assert.deepEqual(await readBlocks(t, odtReader, odtOf(body)), [
      'heading: ## Head',
      'paragraph: Text',
      'table: | a | b |\n| --- | --- |\n| 1 | 2 |',
    ]);
  });

  test('a cell repeated beyond measure is refused rather than cut', async (t) => {
    const cell = `<table:table-cell table:number-columns-repeated="20000"><text:p>x</text:p></table:table-cell>`;
    const body = `<table:table><table:table-row table:number-rows-repeated="20000">${cell}</table:table-row></table:table>`;
    await assert.rejects(readBlocks(t, odtReader, odtOf(body)), { code: 'document_too_large' });
  });
});

describe('EPUB books', () => {
  test('chapters follow each other; links within the book are text', async (t) => {
    const book = epubOf([
      '<h1>One</h1><p>See <a href="chapter2.xhtml">there</a> and <a href="https://x.org/">out</a> for $5 [1].</p>',
      '<h1>Two</h1><ul><li>a<ul><li>b</li></ul></li></ul><pre><code>x\n\n\\*y</code></pre>',
    ]);
    assert.deepEqual(await readBlocks(t, epubReader, book), [
      'heading: # One',
      'paragraph: See there and [out](https://x.org/) for $5 [1].',
      'heading: # Two',
      'list: - a\n    - b',
      'code: ```\nx\n\n\\*y\n```',
    ]);
  });
});
