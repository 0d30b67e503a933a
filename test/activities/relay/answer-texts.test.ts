import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerTexts } from '../../../src/activities/relay/answer-texts.ts';

const said = (value: unknown) => [...answerTexts(JSON.stringify(value))];

describe('the texts of a relayed answer', () => {
  it('are what was said, thought and called in a chat completion, and nothing around it', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"a":1}' } };
    const message = { role: 'assistant', content: 'Hello', reasoning_content: 'Hm', refusal: null, tool_calls: [call] };
    const answer = { id: 'chatcmpl-1', object: 'chat.completion', choices: [{ index: 0, message }] };
    assert.deepEqual(said(answer), ['Hello', 'Hm', '{"a":1}']);
  });

  it('are those of a completion and of a response', () => {
    assert.deepEqual(said({ choices: [{ text: 'one', index: 0 }] }), ['one']);
    assert.deepEqual(said({ output: [{ type: 'message', content: [{ type: 'output_text', text: 'two' }] }] }), ['two']);
  });

  it('are all there is where the answer is no JSON', () => {
    assert.deepEqual([...answerTexts('not JSON')], ['not JSON']);
  });
});
