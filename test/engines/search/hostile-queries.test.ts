import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { searchMethods } from '../../../src/core/search.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;

describe('a query', () => {
  let library: TestLibrary;

  before(async () => {
    library = await openLibrary(useEngines());
    const collectionId = await library.buildCollection(owner);
    await library.buildDocument(owner, collectionId, [
      'to be or not to be',
      'a chunk AND another OR (none)',
      'ERR-4711/b',
    ]);
  });
  after(() => library.close());

  const search = (changes: Parameters<typeof buildSearch>[0]) =>
    library.verbs.search(buildSearch(changes), library.as(owner));

  for (const method of searchMethods) {
    for (const query of [
      '??? !!! ***',
      'content:* AND _id:[* TO *] "unclosed ( \\',
      '{"match_all":{}}',
      '<script>alert(1)</script>',
      '\u0000\u0007\u{fffe}',
      '😀😀😀',
      '\ud83d broken',
      'x'.repeat(8_192),
      Array.from({ length: 4_096 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join(' '),
    ]) {
      it(`may be ${JSON.stringify(query.slice(0, 30))} of length ${query.length}: ${method}`, async () => {
        const { hits } = await search({ query, method });
        assert.ok(hits.length <= 3);
      });
    }
  }

  it('of stop words alone finds the chunk that has them', async () => {
    const { hits } = await search({ query: 'to be or not to be', method: 'lexical' });
    assert.equal(hits[0]?.chunk.id, 0);
  });

  it('of an identifier finds the chunk that has it', async () => {
    const { hits } = await search({ query: 'ERR-4711/b', method: 'lexical' });
    assert.equal(hits[0]?.chunk.id, 2);
  });

  it('of nothing but white space is refused', async () => {
    const expected = { code: 'invalid_request', publicMessage: 'query or prompt must be provided', param: 'query' };
    await assert.rejects(search({ query: ' \n\t ' }), expected);
  });

  it('of 8,192 characters is the longest; characters are code points', async () => {
    await search({ query: '😀'.repeat(8_192), method: 'lexical' });
    await assert.rejects(search({ query: '😀'.repeat(8_193) }), { code: 'invalid_request', param: 'query' });
  });

  it('goes 1,000 results deep and no deeper', async () => {
    assert.deepEqual((await search({ offset: 900, limit: 100 })).hits, []);
    await assert.rejects(search({ offset: 901, limit: 100 }), { code: 'invalid_request', param: 'offset' });
  });
});
