import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageIn } from '../../../src/activities/relay/read-usage.ts';

const counts = { input_tokens: 7, output_tokens: 2 };
const tokensIn = (value: object) => {
  const usage = usageIn(Buffer.from(JSON.stringify(value, null, 1)));
  return usage && [usage.promptTokens, usage.completionTokens];
};
const decoy = { input_tokens: 1, output_tokens: 0 };

test('labels of the caller’s that look like a usage are none', () => {
  assert.deepEqual(tokensIn({ usage: counts, metadata: { usage: 'x' } }), [7, 2]);
  assert.deepEqual(
    tokensIn({ type: 'response.completed', response: { usage: counts, metadata: { usage: 'x' } } }),
    [7, 2],
  );
});

test('parameters of a tool that look like a usage are none, wherever they stand', () => {
  const tools = [{ parameters: { properties: { usage: decoy } }, usage: decoy }];
  assert.deepEqual(tokensIn({ response: { tools, usage: counts } }), [7, 2]);
  assert.deepEqual(tokensIn({ response: { usage: counts, tools } }), [7, 2]);
  assert.equal(tokensIn({ response: { tools } }), null);
});

test('null, text and numbers are no usage', () => {
  for (const usage of [null, 'x', 3, {}, []]) assert.equal(tokensIn({ usage }), null);
});

test('of two the last counts', () => {
  const json = `{"usage":${JSON.stringify(decoy)},"usage":${JSON.stringify(counts)},"usage":null}`;
  assert.equal(usageIn(Buffer.from(json))?.promptTokens, 7);
});

test('it is read in a frame with a name, whatever its spaces', () => {
  const frame = `event: response.completed\r\ndata: {"response" : {"usage"\t: ${JSON.stringify(counts)} } }\r\n\r\n`;
  assert.equal(usageIn(Buffer.from(frame))?.promptTokens, 7);
});

test('what is no JSON has none', () => {
  assert.equal(usageIn(Buffer.from('{"usage":{"prompt_tokens":')), null);
  assert.equal(usageIn(Buffer.from('{"usage":{x}}')), null);
});
