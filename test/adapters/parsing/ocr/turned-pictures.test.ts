import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { stopEngine } from '../../../../src/adapters/parsing/ocr/engine.ts';
import { imageReader } from '../../../../src/adapters/parsing/ocr/image-reader.ts';
import type { Block } from '../../../../src/core/document.ts';
import { fileOf, readParts } from '../../../helpers/parsing.ts';
import { projectPath } from '../../../helpers/project.ts';

const maxErrorRate = 0.02;
const expected = readFileSync(projectPath('test/fixtures/ocr/text.txt'), 'utf8').trim().replaceAll('\n', ' ');

/** Single characters to change, drop or add, to make one text of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function assertReadsAsExpected(blocks: readonly Block[]): void {
  const found = blocks.map(({ markdown }) => markdown.replaceAll('\n', ' ')).join(' ');
  const rate = editDistance(found, expected) / expected.length;
  assert.ok(rate <= maxErrorRate, `${(100 * rate).toFixed(1)} % of the characters are wrong: ${found}`);
}

async function recognised(t: TestContext, name: string, degrees: number): Promise<Block[]> {
  const picture = sharp(projectPath(`test/fixtures/ocr/${name}.png`)).rotate(degrees, { background: '#fff' });
  const parts = await readParts(imageReader, await fileOf(t, await picture.png().toBuffer()));
  return parts.flatMap(({ blocks }) => blocks);
}

describe('a picture of text', () => {
  after(stopEngine);

  for (const name of ['small', 'normal', 'large']) {
    test(`in ${name} letters is read`, async (t) => {
      assertReadsAsExpected(await recognised(t, name, 0));
    });
  }

  for (const degrees of [2, -8, 90, 180, 270]) {
    test(`turned by ${degrees} degrees is read`, async (t) => {
      assertReadsAsExpected(await recognised(t, 'normal', degrees));
    });
  }

  test('yields blocks that say they were recognised, and how surely', async (t) => {
    const blocks = await recognised(t, 'normal', 0);
    assert.ok(blocks.length > 0);
    for (const { method, confidence } of blocks) {
      assert.equal(method, 'ocr');
      assert.ok(confidence !== null && confidence > 0.8 && confidence <= 1, `confidence ${confidence}`);
    }
  });

  test('in white on black is read', async (t) => {
    const picture = sharp(projectPath('test/fixtures/ocr/normal.png')).negate({ alpha: false });
    const parts = await readParts(imageReader, await fileOf(t, await picture.png().toBuffer()));
    assertReadsAsExpected(parts.flatMap(({ blocks }) => blocks));
  });

  test('that shows nothing has no blocks', async (t) => {
    const white = sharp({ create: { width: 600, height: 400, channels: 3, background: '#fff' } });
    const [part] = await readParts(imageReader, await fileOf(t, await white.png().toBuffer()));
    assert.deepEqual(part, { number: 1, label: null, blocks: [] });
  });
});
