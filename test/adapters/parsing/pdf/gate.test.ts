import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  littleText,
  maxImageShare,
  minCharacters,
  needsRecognition,
} from '../../../../src/adapters/parsing/pdf/gate.ts';

type Page = Parameters<typeof needsRecognition>[0];

const pageOf = ({
  graphics,
  ...rest
}: { graphics?: Partial<Page['graphics']> } & Partial<Omit<Page, 'graphics'>>): Page => ({
  characters: 1_000,
  unmapped: 0,
  ...rest,
  graphics: { any: true, imageShare: 0, ...graphics },
});

describe('the gate between a text layer and recognition', () => {
  test('a page of text is not recognised', () => {
    assert.equal(needsRecognition(pageOf({})), false);
  });

  test('a page on which nothing is drawn is not recognised', () => {
    assert.equal(needsRecognition(pageOf({ characters: 0, graphics: { any: false } })), false);
  });

  test('a page without text on which something is drawn is recognised', () => {
    assert.equal(needsRecognition(pageOf({ characters: 0 })), true);
  });

  test('a text layer counts from its twentieth character', () => {
    assert.equal(needsRecognition(pageOf({ characters: minCharacters - 1 })), true);
    assert.equal(needsRecognition(pageOf({ characters: minCharacters })), false);
  });

  test('a text layer is noise when more than a fifth of it has no meaning', () => {
    assert.equal(needsRecognition(pageOf({ unmapped: 200 })), false);
    assert.equal(needsRecognition(pageOf({ unmapped: 201 })), true);
  });

  test('a picture over the page is a scan unless there is text to speak of', () => {
    const graphics = { imageShare: maxImageShare + 0.01 };
    assert.equal(needsRecognition(pageOf({ characters: littleText - 1, graphics })), true);
    assert.equal(needsRecognition(pageOf({ characters: littleText, graphics })), false);
  });

  test('a little text beside a smaller picture is read', () => {
    const page = pageOf({ characters: littleText - 1, graphics: { imageShare: maxImageShare } });
    assert.equal(needsRecognition(page), false);
  });
});
