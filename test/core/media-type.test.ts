import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asHeader, mediaTypeOf, mediaTypeOfName } from '../../src/core/media-type.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const text = Buffer.from('some words');

describe('what a file is', () => {
  for (const [type, head] of [
    ['image/png', '89504e470d0a1a0a0000'],
    ['image/jpeg', 'ffd8ffe000104a464946'],
    ['image/gif', '474946383961'],
    ['image/gif', '474946383761'],
    ['image/webp', '524946460000000057454250'],
    ['application/pdf', '255044462d312e37'],
  ] as const) {
    it(`is ${type} by its first bytes, whatever is said of it`, () => {
      assert.equal(mediaTypeOf('text/plain', 'a.txt', bytes(head)), type);
    });
  }

  it('is not told by bytes that only begin like it', () => {
    assert.equal(mediaTypeOf('text/plain', 'a', bytes('89504e47')), 'text/plain');
    assert.equal(mediaTypeOf('text/plain', 'a', bytes('524946460000000041564920')), 'text/plain');
  });

  it('is what is said of it, where its bytes do not tell', () => {
    assert.equal(mediaTypeOf('Text/CSV', 'a.txt', text), 'text/csv');
  });

  it('is told by its name, where nothing else does', () => {
    for (const nothing of ['application/octet-stream', 'binary/octet-stream', '']) {
      assert.equal(mediaTypeOf(nothing, 'Notes.MD', text), 'text/markdown');
    }
  });

  it('is unknown by a name without a known ending', () => {
    for (const name of ['notes', 'notes.xyz', 'pdf.', '']) {
      assert.equal(mediaTypeOfName(name), 'application/octet-stream', name);
    }
  });

  it('is said in a header only in the form of a media type', () => {
    assert.equal(asHeader('image/svg+xml'), 'image/svg+xml');
    for (const hostile of ['text/html; charset=x', 'text/html\r\nset-cookie: a=b', 'html', 'ä/b', '']) {
      assert.equal(asHeader(hostile), 'application/octet-stream', hostile);
    }
  });
});
