import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import {
  expiry,
  paging,
  pathId,
  text,
  toMilliseconds,
  toPage,
  toSeconds,
} from '../../../src/protocols/opengate/fields.ts';

describe('ids in paths', () => {
  it('are decimal integers above 0', () => {
    assert.equal(pathId.parse('12'), 12);
    for (const bad of ['', ' 1', '0', '-1', '1.5', '1e3', '0x10', 'abc', '99999999999999999', ['1'], null]) {
      assert.ok(!pathId.safeParse(bad).success, JSON.stringify(bad));
    }
  });
});

describe('text', () => {
  it('is trimmed first and then not empty', () => {
    assert.equal(text.parse('  a b '), 'a b');
    assert.ok(!text.safeParse('   ').success);
  });
});

describe('expiry', () => {
  it('lies in the future, or is left out', () => {
    const soon = Math.floor(Date.now() / 1000) + 60;
    assert.equal(expiry.parse(soon), soon);
    assert.equal(expiry.parse(null), null);
    assert.equal(expiry.parse(undefined), undefined);
    for (const past of [0, 1, soon - 120]) {
      const result = expiry.safeParse(past);
      assert.equal(result.error?.issues[0]?.message, 'Wrong timestamp, must be in the future.');
    }
  });

  it('is kept in milliseconds and shown in seconds', () => {
    assert.equal(toMilliseconds(5), 5_000);
    assert.equal(toMilliseconds(undefined), null);
    assert.equal(toSeconds(5_999), 5);
    assert.equal(toSeconds(null), null);
  });
});

describe('paging', () => {
  const query = z.object(paging(['id', 'name', 'created']));

  it('has the defaults of the specification', () => {
    assert.deepEqual(toPage(query.parse({})), { offset: 0, limit: 10, orderBy: 'id', direction: 'asc' });
  });

  it('takes both spellings of its order', () => {
    const expected = { offset: 3, limit: 100, orderBy: 'name', direction: 'desc' };
    const common = { offset: '3', limit: '100' };
    assert.deepEqual(toPage(query.parse({ ...common, order_by: 'name', order_direction: 'desc' })), expected);
    assert.deepEqual(toPage(query.parse({ ...common, sort_by: 'name', sort_order: 'desc' })), expected);
  });

  it('refuses what is outside its bounds', () => {
    for (const bad of [{ limit: '0' }, { limit: '101' }, { limit: '' }, { offset: '-1' }, { order_by: 'updated' }]) {
      assert.ok(!query.safeParse(bad).success, JSON.stringify(bad));
    }
  });

  it("ignores the specification's stray `required`", () => {
    assert.ok(query.safeParse({ required: 'false' }).success);
  });
});
