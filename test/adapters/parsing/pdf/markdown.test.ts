import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pdfReader } from '../../../../src/adapters/parsing/pdf/reader.ts';
import { fileOf, readBlocks, readParts } from '../../../helpers/parsing.ts';
import { filledFormPdf } from '../../../helpers/pdf-files.ts';
import { PageBuilder, type PdfPage, writePdf } from '../../../helpers/pdf-writer.ts';

const shipping =
  'Every shipment is weighed twice before it leaves the yard, and the two readings are kept with the waybill. When they differ by more than one percent, the load is opened and counted by hand.';
const seals =
  'Seals are counted on Friday by two people who have not packed the load. A seal that is missing is reported within the hour, and the container stays where it is until somebody has answered.';

/** The Markdown of one page after another. */
async function markdownOf(t: Parameters<typeof fileOf>[0], ...pages: PdfPage[]): Promise<string[]> {
  const parts = await readParts(pdfReader, await fileOf(t, writePdf(pages)));
  return parts.map(({ blocks }) => blocks.map((block) => block.markdown).join('\n\n'));
}

test('a page of headings, paragraphs, lists and tables', async (t) => {
  const page = new PageBuilder();
  page.text(72, 90, 'Shipping handbook', { size: 20, font: 'bold' });
  let y = page.paragraph(72, 130, 460, shipping);
  page.text(72, y + 14, 'What is checked', { size: 13, font: 'bold' });
  y += 34;
  for (const item of ['Scales on Monday', 'Seals on Friday', 'Keys every day']) {
    page.text(80, y, '\x95').text(92, y, item);
    y += 13;
  }
  y += 14;
  ['Open the gate', 'Read the scale', 'Close the gate'].forEach((step, index) => {
    page.text(80, y + index * 13, `${index + 1}.`).text(95, y + index * 13, step);
  });
  y += 60;
  const columns = [72, 200, 300, 400];
  const rows = [0, 20, 40, 60].map((offset) => y + offset);
  page.grid(columns, [...rows, y + 80]);
  page.cells(
    columns.map((x) => x + 6),
    rows.map((top) => top + 14),
    [
      ['Port', 'Ships', 'Tons'],
      ['Bremen', '12', '4,800'],
      ['Antwerp', '', '15,250'],
      ['Trieste', '7', '1,990'],
    ],
  );
  page.paragraph(72, y + 110, 460, seals);
  assert.deepEqual(await markdownOf(t, page.build()), [
    [
      '# Shipping handbook',
      shipping,
      '## What is checked',
      '- Scales on Monday\n- Seals on Friday\n- Keys every day',
      '1. Open the gate\n2. Read the scale\n3. Close the gate',
      '| Port | Ships | Tons |\n| --- | --- | --- |\n| Bremen | 12 | 4,800 |\n| Antwerp |  | 15,250 |\n| Trieste | 7 | 1,990 |',
      seals,
    ].join('\n\n'),
  ]);
});

test('two columns under a title, with a table in one of them', async (t) => {
  const page = new PageBuilder();
  page.text(160, 80, 'Two columns of a paper', { size: 18, font: 'bold' });
  let left = page.paragraph(54, 120, 240, shipping);
  const rows = [14, 28, 42, 56].map((offset) => left + offset);
  page.cells([54, 134, 214], rows, [
    ['Model', 'Size', 'Speed'],
    ['small', '22 MB', '75/s'],
    ['base', '90 MB', '30/s'],
    ['large', '400 MB', '8/s'],
  ]);
  left = page.paragraph(54, left + 84, 240, seals);
  page.paragraph(318, page.paragraph(318, 120, 240, seals) + 8, 240, shipping);
  assert.deepEqual(await markdownOf(t, page.build()), [
    [
      '# Two columns of a paper',
      shipping,
      '| Model | Size | Speed |\n| --- | --- | --- |\n| small | 22 MB | 75/s |\n| base | 90 MB | 30/s |\n| large | 400 MB | 8/s |',
      seals,
      seals,
      shipping,
    ].join('\n\n'),
  ]);
});

describe('running heads and page numbers', () => {
  const page = (number: number, head: string) => {
    const builder = new PageBuilder().text(72, 36, head, { size: 8 }).text(300, 770, String(number), { size: 9 });
    builder.paragraph(72, 90, 460, `${number === 2 ? seals : shipping} Page by page.`);
    return builder.build();
  };
  const texts = [1, 2, 3].map((number) => `${number === 2 ? seals : shipping} Page by page.`);

  test('are left out when they recur', async (t) => {
    const pages = [1, 2, 3].map((number) => page(number, 'The yard handbook'));
    assert.deepEqual(await markdownOf(t, ...pages), texts);
  });

  test('are left out when only their number changes', async (t) => {
    const pages = [1, 2, 3].map((number) => page(number, `Page ${number} of 3`));
    assert.deepEqual(await markdownOf(t, ...pages), texts);
  });

  test('are left out when their text changes but their number counts', async (t) => {
    const pages = [1, 2, 3].map((number) => page(number, `${['Gates', 'Scales', 'Seals'][number - 1]} ${number + 40}`));
    assert.deepEqual(await markdownOf(t, ...pages), texts);
  });

  test('are kept when they are lines of the text', async (t) => {
    const pages = [1, 2, 3].map((number) => page(number, `A remark on ${['gates', 'scales', 'seals'][number - 1]}`));
    const found = await markdownOf(t, ...pages);
    assert.deepEqual(
      found.map((text) => text.split('\n')[0]),
      ['A remark on gates', 'A remark on scales', 'A remark on seals'],
    );
  });

  test('a lone number at the foot of a single page is its number', async (t) => {
    assert.deepEqual(
      await markdownOf(t, new PageBuilder().text(72, 90, 'A single page with text.').text(300, 770, '7').build()),
      ['A single page with text.'],
    );
  });

  test('a year at the foot of a title page is kept', async (t) => {
    const found = await markdownOf(
      t,
      new PageBuilder().text(72, 90, 'A title page with text.').text(300, 770, '2024').build(),
    );
    assert.deepEqual(found, ['A title page with text.\n\n2024']);
  });
});

describe('text that does not run from left to right', () => {
  for (const rotate of [90, 180, 270]) {
    test(`a page that is shown turned by ${rotate} degrees reads as it is shown`, async (t) => {
      const [width, height] = rotate === 180 ? [612, 792] : [792, 612];
      // What is at (x, y) of the page as shown is drawn where the turn will take it from.
      const places = {
        90: (x: number, y: number) => [y, height - x] as const,
        180: (x: number, y: number) => [width - x, height - y] as const,
        270: (x: number, y: number) => [width - y, x] as const,
      };
      const builder = new PageBuilder(width, height);
      builder.rotate = rotate;
      ['A heading', 'The first line of this turned page stands here,', 'and the second under it.'].forEach(
        (line, index) => {
          const [x, y] = places[rotate as 90](72, 90 + index * 12 + (index > 0 ? 14 : 0));
          builder.text(x, y, line, { angle: rotate, size: index === 0 ? 16 : 10 });
        },
      );
      assert.deepEqual(await markdownOf(t, builder.build()), [
        '# A heading\n\nThe first line of this turned page stands here, and the second under it.',
      ]);
    });
  }

  test('a table that lies on an upright page is read as a table', async (t) => {
    const page = new PageBuilder();
    const columns = [100, 220, 340];
    const rows = [100, 120, 140, 160];
    // Lying: what is x for the reader runs up the page.
    const at = (x: number, y: number) => [y, 792 - x] as const;
    for (const x of [...columns, 460]) page.line(...at(x, 100), ...at(x, 160));
    for (const y of rows) page.line(...at(100, y), ...at(460, y));
    const cells = [
      ['Port', 'Ships', 'Tons'],
      ['Bremen', '12', '4,800'],
      ['Trieste', '7', '1,990'],
    ];
    for (const [line, row] of cells.entries()) {
      for (const [column, cell] of row.entries()) {
        page.text(...at((columns[column] ?? 0) + 6, (rows[line] ?? 0) + 14), cell, { angle: 90 });
      }
    }
    assert.deepEqual(await markdownOf(t, page.build()), [
      '| Port | Ships | Tons |\n| --- | --- | --- |\n| Bremen | 12 | 4,800 |\n| Trieste | 7 | 1,990 |',
    ]);
  });

  test('a stamp at the edge and a watermark come after the text, as text', async (t) => {
    const page = new PageBuilder();
    page
      .text(150, 600, 'CONFIDENTIAL', { angle: 45, size: 48 })
      .text(30, 500, 'arXiv:2401.00001v1', { angle: 90, size: 14 });
    page.paragraph(72, 90, 460, shipping);
    assert.deepEqual(await markdownOf(t, page.build()), [`${shipping}\n\narXiv:2401.00001v1\n\nCONFIDENTIAL`]);
  });

  test('a page that was scanned slightly crooked reads line by line', async (t) => {
    const page = new PageBuilder();
    const radians = (3 * Math.PI) / 180;
    [
      'This text layer was made from a crooked scan of a page, and its lines',
      'rise to the right, so that the end of each is as high as the start of',
      'the one before it.',
    ].forEach((line, index) => {
      page.text(72 + index * 14 * Math.sin(radians), 150 + index * 14, line, { angle: 3 });
    });
    assert.deepEqual(await markdownOf(t, page.build()), [
      'This text layer was made from a crooked scan of a page, and its lines rise to the right, so that the end of each is as high as the start of the one before it.',
    ]);
  });
});

describe('characters', () => {
  test('raised and lowered digits become the characters made for it', async (t) => {
    const page = new PageBuilder();
    page.text(72, 90, 'An area of 12 m').text(72 + 68.37, 86, '2', { size: 6 });
    page
      .text(72, 120, 'A share of CO')
      .text(72 + 62.79, 122, '2', { size: 6 })
      .text(140, 120, 'in the air');
    assert.deepEqual(await markdownOf(t, page.build()), ['An area of 12 m²\n\nA share of CO₂ in the air']);
  });

  test('text outside the page is not read', async (t) => {
    const page = new PageBuilder()
      .text(72, 90, 'Text within the page, as it is seen.')
      .text(72, 900, 'below')
      .text(-200, 90, 'beside');
    assert.deepEqual(await markdownOf(t, page.build()), ['Text within the page, as it is seen.']);
  });
});

test('code is fenced and keeps its indents', async (t) => {
  const page = new PageBuilder();
  const y = page.paragraph(72, 90, 460, shipping) + 10;
  ['if (weight > limit) {', '  open(load);', '}'].forEach((line, index) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    page.text(72 + indent * 5.4, y + index * 11, line.trim(), { font: 'mono', size: 9 });
  });
  page.paragraph(72, y + 50, 460, seals);
  assert.deepEqual(await markdownOf(t, page.build()), [
    [shipping, '```\nif (weight > limit) {\n  open(load);\n}\n```', seals].join('\n\n'),
  ]);
});

test('what is typed into the fields of a form is read', async (t) => {
  assert.deepEqual(await readBlocks(t, pdfReader, filledFormPdf('The name of the applicant is:', 'Ada Lovelace')), [
    'paragraph: The name of the applicant is: Ada Lovelace',
  ]);
});
