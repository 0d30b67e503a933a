import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keptItems } from '../../../../src/protocols/openai/responses/items.ts';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';

describe('items as they are kept', () => {
  it('have an id, their own or one made for their place', () => {
    const items = keptItems([{ type: 'message', id: 'msg_own' }, { type: 'function_call' }], 'x');
    assert.deepEqual(
      items.map(({ id }) => id),
      ['msg_own', 'fc_x_i1'],
    );
  });

  it('say what goes without saying', () => {
    const [said, heard, call, thought] = keptItems(
      [
        { role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
        { role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }] },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'reasoning', summary: [] },
      ],
      'x',
    );
    assert.partialDeepStrictEqual(said, { status: 'completed', content: [{ annotations: [] }] });
    assert.partialDeepStrictEqual(heard, { status: 'completed', content: [{ detail: 'auto' }] });
    assert.equal(call?.['status'], 'completed');
    assert.equal(thought?.['status'], undefined);
  });

  it('keep what was said', () => {
    const content = [{ type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' }];
    assert.partialDeepStrictEqual(keptItems([{ role: 'user', content, status: 'incomplete' }], 'x')[0], {
      status: 'incomplete',
      content,
    });
  });
});

describe('an item of the input', () => {
  const parsed = (item: object) => responseRequest.safeParse({ model: 'm', input: [item] });

  for (const type of [undefined, null]) {
    it(`is a reference where it is an id alone, its type ${type}`, () => {
      assert.deepEqual(parsed({ type, id: 'msg_1' }).data?.input, [{ type: 'item_reference', id: 'msg_1' }]);
    });
  }

  it('is no reference where it says something', () => {
    assert.equal(parsed({ id: 'msg_1', content: 'Hi' }).success, false);
    assert.deepEqual(parsed({ id: 'msg_1', role: 'user', content: 'Hi' }).data?.input, [
      { id: 'msg_1', role: 'user', content: 'Hi' },
    ]);
  });
});
