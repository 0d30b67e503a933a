import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { partsOf, type Section, sectionsOf } from '../../../src/activities/ingest/sections.ts';
import type { DocumentPart } from '../../../src/core/document.ts';

function part(number: number, texts: readonly string[]): DocumentPart {
  const blocks = texts.map((markdown) => ({
    type: 'paragraph' as const,
    markdown,
    method: 'text' as const,
    confidence: null,
  }));
  return { number, label: null, blocks };
}

async function sections(parts: readonly DocumentPart[]): Promise<Section[]> {
  return Array.fromAsync(
    sectionsOf(
      (async function* () {
        yield* parts;
      })(),
    ),
  );
}

const whole = (parts: readonly DocumentPart[]) =>
  parts.flatMap(({ blocks }) => blocks.map(({ markdown }) => markdown)).join('\n\n');

const text = fc.oneof(
  fc.constantFrom('a', 'word '.repeat(200_000).trim()),
  fc.string({ minLength: 1, unit: 'grapheme' }),
);
const document = fc
  .array(fc.array(text, { maxLength: 4 }), { maxLength: 6 })
  .map((parts) => parts.map((texts, index) => part(index + 1, texts)));

describe('sections', () => {
  it('joined by a blank line are the document, each at the offset it claims', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (parts) => {
        const markdown = whole(parts);
        const all = await sections(parts);
        assert.equal(all.map((section) => section.text).join('\n\n'), markdown);
        for (const section of all) assert.ok(markdown.startsWith(section.text, section.start));
      }),
      { numRuns: 40 },
    );
  });

  it('of a short document are one, so that it is split as a whole', async () => {
    assert.equal((await sections([part(1, ['a']), part(2, ['b'])])).length, 1);
  });

  it('of a long document are bounded by its largest block plus the cut length', async () => {
    const block = 'x'.repeat(1_000_000);
    const all = await sections([part(1, Array<string>(20).fill(block))]);
    assert.ok(all.length > 1);
    for (const section of all) assert.ok(section.text.length < 4 * 1024 * 1024 + 2 * block.length);
  });

  it('of a document without text are none', async () => {
    assert.deepEqual(await sections([part(1, []), part(2, [])]), []);
  });
});

describe('parts of a chunk', () => {
  it('are those its first and last character were taken from', async () => {
    const [section] = await sections([part(3, ['aaa']), part(5, ['bbb', 'ccc']), part(6, ['ddd'])]);
    assert.ok(section);
    const at = (needle: string) => section.text.indexOf(needle);
    assert.deepEqual(partsOf(section, 0, 3), { fromPart: 3, toPart: 3 });
    assert.deepEqual(partsOf(section, at('bbb'), at('ccc') + 3), { fromPart: 5, toPart: 5 });
    assert.deepEqual(partsOf(section, at('aaa') + 1, at('ddd') + 1), { fromPart: 3, toPart: 6 });
  });
});
