import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newItems } from '../../../../src/protocols/openai/conversations/conversation.ts';
import { pageQuery } from '../../../../src/protocols/openai/responses/item-page.ts';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';

const tool = (name: string) => ({ type: 'function', name, parameters: {} });
const format = (name: string) => ({ text: { format: { type: 'json_schema', name, schema: {} } } });
const message = (id?: string) => ({ role: 'user', content: 'x', ...(id !== undefined && { id }) });
const many = <T>(count: number, item: T) => Array.from({ length: count }, () => item);

/** What is on either side of each line. */
const bounds: Record<string, { within: readonly object[]; beyond: readonly object[] }> = {
  temperature: {
    within: [{ temperature: 0 }, { temperature: 2 }],
    beyond: [{ temperature: -0.1 }, { temperature: 2.1 }],
  },
  top_p: { within: [{ top_p: 0 }, { top_p: 1 }], beyond: [{ top_p: -0.1 }, { top_p: 1.1 }] },
  top_logprobs: {
    within: [{ top_logprobs: 0 }, { top_logprobs: 20 }],
    beyond: [{ top_logprobs: 21 }, { top_logprobs: 1.5 }],
  },
  max_output_tokens: { within: [{ max_output_tokens: 1 }], beyond: [{ max_output_tokens: 0 }] },
  max_tool_calls: { within: [{ max_tool_calls: 1 }], beyond: [{ max_tool_calls: 0 }] },
  tools: { within: [{ tools: many(512, tool('a')) }], beyond: [{ tools: many(513, tool('a')) }] },
  'the name of a tool': {
    within: [{ tools: [tool('a'.repeat(128))] }],
    beyond: [{ tools: [tool('a'.repeat(129))] }, { tools: [tool('')] }, { tools: [tool('a.b')] }],
  },
  'the name of a schema': {
    within: [format('a'.repeat(64))],
    beyond: [format('a'.repeat(65)), format(''), format('a b')],
  },
  'the id of an item': {
    within: [{ input: [message('a'.repeat(256))] }],
    beyond: [{ input: [message('a'.repeat(257))] }, { input: [message('')] }],
  },
};

describe('a request to /v1/responses', () => {
  for (const [what, { within, beyond }] of Object.entries(bounds)) {
    it(`has bounds for ${what}`, () => {
      const accepts = (fields: object) => responseRequest.safeParse({ model: 'm', input: 'x', ...fields }).success;
      assert.deepEqual([...within].map(accepts), many(within.length, true));
      assert.deepEqual([...beyond].map(accepts), many(beyond.length, false));
    });
  }
});

describe('a conversation', () => {
  it('takes 20 items at once and no more', () => {
    assert.ok(newItems.safeParse(many(20, message())).success);
    assert.ok(!newItems.safeParse(many(21, message())).success);
  });

  it('takes no reference for an item', () => {
    assert.ok(!newItems.safeParse([{ type: 'item_reference', id: 'msg_1' }]).success);
  });
});

describe('a page of items', () => {
  it('has 1 to 100', () => {
    const accepts = (limit: string) => pageQuery.safeParse({ limit }).success;
    assert.deepEqual(['0', '1', '100', '101', 'x'].map(accepts), [false, true, true, false, false]);
  });
});
