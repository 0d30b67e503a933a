import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Item, jobIdOf, pageOf, responseIdOf } from '../../src/core/response.ts';

const items: Item[] = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, type: 'message' }));

function idsOf(limit: number, order: 'asc' | 'desc', after: string | null): string {
  return pageOf(items, { limit, order, after })
    .items.map(({ id }) => id)
    .join('');
}

describe('pageOf', () => {
  it('goes through all items in either order, page by page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.constantFrom('asc' as const, 'desc' as const), (limit, order) => {
        const seen: string[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const page = pageOf(items, { limit, order, after });
          seen.push(...page.items.map(({ id }) => id));
          more = page.hasMore;
          after = seen.at(-1) ?? null;
        }
        assert.equal(seen.join(''), order === 'asc' ? 'abcde' : 'edcba');
      }),
    );
  });

  it('begins behind the item it is told', () => {
    assert.equal(idsOf(2, 'asc', 'b'), 'cd');
    assert.equal(idsOf(2, 'desc', 'b'), 'a');
    assert.equal(idsOf(2, 'asc', 'e'), '');
  });

  it('refuses an item that is not there', () => {
    assert.throws(() => idsOf(2, 'asc', 'x'), { code: 'invalid_request', param: 'after' });
  });
});

describe('the id of a response', () => {
  it('is that of its job in another word', () => {
    assert.equal(responseIdOf('job_01k5'), 'resp_01k5');
    assert.equal(jobIdOf('resp_01k5'), 'job_01k5');
  });
});
