import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { presentItems } from '../../../../src/protocols/openai/responses/item-page.ts';
import { keptItems } from '../../../../src/protocols/openai/responses/items.ts';

describe('items as they are kept', () => {
  it('have an id, their own or one made for their place', () => {
    const items = keptItems([{ type: 'message', id: 'msg_own' }, { type: 'function_call' }], 'x');
    assert.deepEqual(
      items.map(({ id }) => id),
      ['msg_own', 'fc_x_i1'],
    );
  });

  const picture = { type: 'input_image', image_url: 'https://example.com/a.png' };
  const items = keptItems(
    [
      { role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
      { role: 'user', content: [picture] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'reasoning', summary: [] },
    ],
    'x',
  );

  it('have the status that goes without saying, and nothing more that a model would be told', () => {
    assert.deepEqual(
      items.map((item) => item['status']),
      ['completed', 'completed', 'completed', undefined],
    );
    assert.deepEqual(items[1]?.['content'], [picture]);
  });

  it('are listed with what goes without saying', () => {
    const [said, heard] = presentItems(items, {}).data;
    assert.partialDeepStrictEqual(said, { content: [{ annotations: [] }] });
    assert.partialDeepStrictEqual(heard, { content: [{ detail: 'auto' }] });
  });

  it('keep what was said', () => {
    const content = [{ type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' }];
    assert.partialDeepStrictEqual(keptItems([{ role: 'user', content, status: 'incomplete' }], 'x')[0], {
      status: 'incomplete',
      content,
    });
  });
});
