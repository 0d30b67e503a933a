import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';

describe('an item of the input', () => {
  const parsed = (item: object) => responseRequest.safeParse({ model: 'm', input: [item] });

  for (const type of [undefined, null]) {
    it(`is a reference where it is an id alone, its type ${type}`, () => {
      assert.deepEqual(parsed({ type, id: 'msg_1' }).data?.input, [{ type: 'item_reference', id: 'msg_1' }]);
    });
  }

  it('is no reference where it says something', () => {
    assert.equal(parsed({ id: 'msg_1', content: 'Hi' }).success, false);
    assert.equal(parsed({ id: 'fco_1', call_id: 'c', output: 'x' }).success, false);
    assert.deepEqual(parsed({ id: 'msg_1', role: 'user', content: 'Hi' }).data?.input, [
      { id: 'msg_1', role: 'user', content: 'Hi' },
    ]);
  });
});
