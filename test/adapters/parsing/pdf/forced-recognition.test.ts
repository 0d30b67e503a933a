import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { stopEngine } from '../../../../src/adapters/parsing/ocr/engine.ts';
import { pdfReader } from '../../../../src/adapters/parsing/pdf/reader.ts';
import { fileOf, noOptions } from '../../../helpers/parsing.ts';
import { PageBuilder, writePdf } from '../../../helpers/pdf-writer.ts';

const prose =
  'Every shipment is weighed twice before it leaves the yard, and the two readings are kept with the waybill. When they differ by more than one percent, the load is opened and counted by hand.';

async function recognised(t: TestContext, page: PageBuilder): Promise<string[]> {
  const path = await fileOf(t, writePdf([page.build()]));
  const options = { ...noOptions, forceOcr: true };
  const parts = await Array.fromAsync(pdfReader.extract(path, { from: 1, to: 1 }, options, defaultParsingLimits));
  return parts.flatMap(({ blocks }) => blocks.map((block) => block.markdown));
}

describe('a page that is recognised from its pixels', () => {
  after(stopEngine);

  test('has the headings, lists and columns that it shows', async (t) => {
    const page = new PageBuilder();
    page.text(72, 90, 'Shipping handbook', { size: 22, font: 'bold' });
    let y = page.paragraph(72, 130, 460, prose) + 16;
    for (const item of ['Scales are checked on Monday', 'Seals are counted on Friday', 'Keys stay with the guard']) {
      page.text(80, y, '\x95').text(92, y, item);
      y += 14;
    }
    page.paragraph(72, y + 20, 200, prose);
    page.paragraph(320, y + 20, 200, prose);
    assert.deepEqual(await recognised(t, page), [
      '# Shipping handbook',
      prose,
      '- Scales are checked on Monday\n- Seals are counted on Friday\n- Keys stay with the guard',
      prose,
      prose,
    ]);
  });

  test('has its ruled tables, whose lines are not read as letters', async (t) => {
    const page = new PageBuilder();
    const columns = [72, 180, 280, 380];
    const rows = [130, 148, 166, 184];
    page.paragraph(72, 90, 460, prose);
    page.grid(columns, [...rows, 202]);
    // Close to the lines, where a letter and a line look like one sign.
    page.cells(
      columns.map((x) => x + 2),
      rows.map((top) => top + 13),
      [
        ['Port', 'Ships', 'Tons'],
        ['Bremen', '12', '4,800'],
        ['Antwerp', '', '15,250'],
        ['Trieste', '7', '1,990'],
      ],
    );
    const [, table] = await recognised(t, page);
    assert.equal(
      table,
      '| Port | Ships | Tons |\n| --- | --- | --- |\n| Bremen | 12 | 4,800 |\n| Antwerp |  | 15,250 |\n| Trieste | 7 | 1,990 |',
    );
  });

  test('keeps the lone amounts of a table that is mostly empty', async (t) => {
    const page = new PageBuilder();
    page.paragraph(72, 90, 460, prose);
    page.cells(
      [72, 172, 272, 372, 472],
      [140, 165, 190, 215, 240],
      [
        ['Code', 'Place', 'Expected', 'Actual', 'Variance'],
        ['SKU-8847', 'A-12', '450', '', ''],
        ['', 'B-07', '', '289', '-23'],
        ['SKU-9201', '', '180', '', '-24'],
        ['SKU-7728', 'C-08', '', '935', '+15'],
      ],
    );
    const [, table] = await recognised(t, page);
    assert.equal(
      table,
      [
        '| Code | Place | Expected | Actual | Variance |',
        '| --- | --- | --- | --- | --- |',
        '| SKU-8847 | A-12 | 450 |  |  |',
        '|  | B-07 |  | 289 | -23 |',
        '| SKU-9201 |  | 180 |  | -24 |',
        '| SKU-7728 | C-08 |  | 935 | +15 |',
      ].join('\n'),
    );
  });
});
