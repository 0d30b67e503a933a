import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headOf } from '../../../../src/core/chat/reasoning-envelope.ts';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { toRespondCall } from '../../../../src/protocols/openai/responses/to-core.ts';

const bytes = new TextEncoder().encode('{}');

function wireOf(fields: object) {
  return toRespondCall(responseRequest.parse({ model: 'm', input: 'x', ...fields }), bytes).wire;
}

const thought = { type: 'reasoning', id: 'rs_1', summary: [] };

describe('a request to /v1/responses', () => {
  it('is passed on as it is when nothing of it is kept here', () => {
    assert.deepEqual(wireOf({ store: false, stream: true }), {
      dialect: 'openai-responses',
      bytes,
      stream: true,
      hidesUsage: false,
    });
    const own = [{ ...thought, encrypted_content: 'gAAAA' }];
    const inside = [{ type: 'function', name: 'a' }];
    const tools = [
      { type: 'custom', name: 'b' },
      { type: 'namespace', name: 'n', tools: inside },
    ];
    assert.notEqual(wireOf({ store: false, tools, anything: 1 }), null);
    assert.notEqual(wireOf({ store: false, input: own, include: ['reasoning.encrypted_content'] }), null);
  });

  const ours = {
    'that is stored': {},
    'that is stored on purpose': { store: true },
    'that goes on from a stored response': { store: false, previous_response_id: 'resp_1' },
    'in a conversation': { store: false, conversation: 'conv_1' },
    'that names a stored item': { store: false, input: [{ type: 'item_reference', id: 'msg_1' }] },
    'with a tool that OpenAI would run': { store: false, tools: [{ type: 'web_search' }] },
    'that names other models': { store: false, models: ['x'] },
    'with a thought that we have sealed': {
      store: false,
      input: [{ ...thought, encrypted_content: `${headOf('openai-a', 'x')}.mac` }],
    },
  };
  for (const [what, fields] of Object.entries(ours)) {
    it(`is not passed on when it is one ${what}`, () => assert.equal(wireOf(fields), null));
  }

  it('tells the model the tools it may choose from', () => {
    const tools = [
      { type: 'function', name: 'a', parameters: {}, strict: true },
      { type: 'custom', name: 'b' },
    ];
    const chosen = (tool_choice: unknown) =>
      toRespondCall(responseRequest.parse({ model: 'm', input: 'x', tools, tool_choice }), null).chat.toolChoice;
    assert.equal(chosen(undefined), null);
    assert.deepEqual(chosen('none'), { mode: 'none', allowed: null });
    assert.deepEqual(chosen('required'), { mode: 'any', allowed: null });
    assert.deepEqual(chosen({ type: 'custom', name: 'b' }), { mode: 'any', allowed: ['b'] });
    const list = [{ type: 'function', name: 'a' }];
    assert.deepEqual(chosen({ type: 'allowed_tools', mode: 'required', tools: list }), { mode: 'any', allowed: ['a'] });
    assert.throws(() => chosen({ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp' }] }), {
      code: 'unsupported_value',
      param: 'tool_choice.tools[0].type',
    });
  });
});
