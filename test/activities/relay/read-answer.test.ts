import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStreamReading, type Reading, readWhole } from '../../../src/activities/relay/read-answer.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { Usage } from '../../../src/core/usage.ts';

const chunk = (delta: object, more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'up-2024',
  choices: [{ index: 0, delta, finish_reason: null }],
  ...more,
});
const frames = [
  chunk({ role: 'assistant', content: '' }, { usage: null }),
  chunk({ content: 'say "model":"x" and é ☃' }, { usage: null }),
  { ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
  { ...chunk({}), choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
];
const stream = `${frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')}data: [DONE]\n\n`;

function read(pieces: readonly Uint8Array[], changes: Partial<Reading> = {}) {
  const usages: Usage[] = [];
  const onUsage = (usage: Usage) => usages.push(usage);
  const reading = createStreamReading({
    dialect: 'openai-chat',
    model: 'fast',
    hidesUsage: false,
    onUsage,
    failureIn: () => null,
    ...changes,
  });
  const told = pieces.map((piece) => {
    const { bytes, failure } = reading.piece(piece);
    if (failure) throw failure;
    return bytes;
  });
  reading.end();
  return { text: Buffer.concat(told).toString(), usages };
}

const cutAt = (bytes: Buffer, at: number) => [bytes.subarray(0, at), bytes.subarray(at)];
const dataOf = (text: string) => text.split('\n\n').filter((frame) => frame.startsWith('data: {'));

test('the caller’s name of the model stands in every frame, and no other text is touched', () => {
  const { text } = read([Buffer.from(stream)]);
  assert.equal(text, stream.replaceAll('"model":"up-2024"', '"model":"fast"'));
});

test('the usage is read, whoever asked for it', () => {
  const { usages } = read([Buffer.from(stream)]);
  assert.deepEqual(
    usages.map(({ promptTokens, completionTokens }) => [promptTokens, completionTokens]),
    [[3, 2]],
  );
});

test('a caller who did not ask for the usage gets no trace of it', () => {
  const { text, usages } = read([Buffer.from(stream)], { hidesUsage: true });
  assert.equal(usages.length, 1);
  assert.doesNotMatch(text, /usage/);
  assert.equal(dataOf(text).length, frames.length - 1);
  assert.match(text, /data: \[DONE\]\n\n$/);
});

test('the usage is hidden however the upstream writes a list of no choices', () => {
  const spaced = Buffer.from(stream.replaceAll('"choices":[]', '"choices" : [ ]'));
  assert.doesNotMatch(read([spaced], { hidesUsage: true }).text, /usage/);
});

test('it makes no difference where the network cuts', () => {
  const bytes = Buffer.from(stream);
  const whole = read([bytes]);
  for (let at = 0; at <= bytes.length; at += 1) assert.deepEqual(read(cutAt(bytes, at)), whole);
});

test('lines may end as on Windows', () => {
  const { text, usages } = read([Buffer.from(stream.replaceAll('\n', '\r\n'))]);
  assert.equal(usages.length, 1);
  assert.equal(text, stream.replaceAll('"model":"up-2024"', '"model":"fast"').replaceAll('\n', '\r\n'));
});

test('a stream that stops anywhere before its last word has no proper end', () => {
  const bytes = Buffer.from(stream);
  for (let at = 0; at < bytes.length; at += 1) {
    assert.throws(() => read([bytes.subarray(0, at)]), { name: 'GatewayError' }, `cut at ${at}`);
  }
});

test('what the vendor calls a failure is thrown, of a frame and of a whole answer', () => {
  const limited = new GatewayError('rate_limit_exceeded', 'Later.');
  const failureIn = (text: string) => (text.includes('"error"') ? limited : null);
  const broken = Buffer.from(`${stream.split('\n\n')[0]}\n\ndata: {"error":{}}\n\n`);
  assert.throws(() => read([broken], { failureIn }), limited);
  const reading = {
    dialect: 'openai-chat',
    model: 'x',
    hidesUsage: false,
    onUsage: () => undefined,
    failureIn,
  } as const;
  assert.throws(() => readWhole(Buffer.from('{"error":{}}'), reading), limited);
});

test('what a failure took is read all the same', () => {
  const usages: Usage[] = [];
  const failureIn = () => new GatewayError('upstream_error', 'No.');
  const failed = Buffer.from('data: {"type":"response.failed","response":{"usage":{"input_tokens":4}}}\n\n');
  assert.throws(() => read([failed], { failureIn, onUsage: (usage) => usages.push(usage) }), {
    code: 'upstream_error',
  });
  assert.equal(usages[0]?.promptTokens, 4);
});

test('what came before a failure is told, and nothing that the upstream says of it', () => {
  const failureIn = (text: string) => (text.includes('"error"') ? new GatewayError('upstream_error', 'No.') : null);
  const told = (dialect: Reading['dialect'], frame: string) => {
    const reading = createStreamReading({ dialect, model: 'fast', hidesUsage: false, onUsage: () => 0, failureIn });
    const { bytes, failure } = reading.piece(Buffer.from(`data: {}\n\n${frame}data: {"late":1}\n\n`));
    assert.equal(failure?.code, 'upstream_error');
    return Buffer.from(bytes).toString();
  };
  const failed = 'data: {"type":"response.failed","response":{"model":"up","error":{}}}\n\n';
  assert.equal(told('openai-responses', failed), 'data: {}\n\n');
  assert.equal(told('openai-responses', 'data: {"type":"error","error":{}}\n\n'), 'data: {}\n\n');
  assert.equal(told('openai-chat', failed), 'data: {}\n\n');
});

test('a whole answer keeps its bytes but for the name of the model', () => {
  const usages: Usage[] = [];
  const answer =
    '{"id":"1", "model": "up", "choices":[{"message":{"content":"\\"usage\\":{}"}}], "usage": {"prompt_tokens":7,"completion_tokens":1}, "x":1}';
  const onUsage = (usage: Usage) => usages.push(usage);
  const reading: Reading = {
    dialect: 'openai-chat',
    model: 'a "quoted" name',
    hidesUsage: false,
    onUsage,
    failureIn: () => null,
  };
  assert.equal(readWhole(Buffer.from(answer), reading).toString(), answer.replace('"up"', '"a \\"quoted\\" name"'));
  assert.equal(usages[0]?.promptTokens, 7);
});

test('what the caller has put into the tools of a whole answer is no usage', () => {
  const usages: Usage[] = [];
  const reading = {
    dialect: 'openai-responses',
    model: 'fast',
    hidesUsage: false,
    onUsage: (usage: Usage) => void usages.push(usage),
    failureIn: () => null,
  } as const;
  const tools = [{ parameters: { properties: { usage: { input_tokens: 1 } } }, usage: { input_tokens: 1 } }];
  readWhole(Buffer.from(JSON.stringify({ model: 'up', output: [], tools })), reading);
  assert.deepEqual(usages, []);
});

test('the end of a Responses stream is its last event', () => {
  const last = (type: string) =>
    Buffer.from(
      `event: ${type}\ndata: ${JSON.stringify({ type, response: { model: 'up', usage: { input_tokens: 4, output_tokens: 1 } } })}\n\n`,
    );
  const changes = { dialect: 'openai-responses' } as const;
  assert.throws(() => read([last('response.output_item.done')], changes), { name: 'GatewayError' });
  for (const type of ['response.completed', 'response.incomplete']) {
    const { text, usages } = read([last(type)], changes);
    assert.equal(usages[0]?.promptTokens, 4);
    assert.match(text, /"model":"fast"/);
  }
});

const announcements = ['created', 'queued', 'in_progress'].map(
  (name) => `event: response.${name}\ndata: {"type":"response.${name}","response":{"model":"fast","output":[]}}\n\n`,
);
const spoken = 'data: {"type":"response.output_item.added","item":{"type":"response.created"}}\n\n';

function startResponses(maxBytes?: number) {
  const reading = { dialect: 'openai-responses', model: 'fast', hidesUsage: false, onUsage: () => 0 } as const;
  const failureIn = (text: string) => (text.includes('"error"') ? new GatewayError('upstream_error', 'No.') : null);
  const { piece } = createStreamReading({ ...reading, failureIn }, maxBytes);
  return (text: string) => {
    const { bytes, ...told } = piece(Buffer.from(text));
    return { ...told, text: Buffer.from(bytes).toString() };
  };
}

test('what only announces a response waits for the model to say something, and is told with it', () => {
  const tell = startResponses();
  for (const frame of announcements) assert.deepEqual(tell(frame), { frames: 0, text: '', failure: null });
  assert.deepEqual(tell(spoken), { frames: 4, text: announcements.join('') + spoken, failure: null });
  const [created = ''] = announcements;
  assert.deepEqual(tell(created), { frames: 1, text: created, failure: null });
});

test('no more is held back of what announces a response than the bound, and less is', () => {
  const [created = '', queued = ''] = announcements;
  const both = created.length + queued.length;
  const toldBy = (maxBytes: number) => {
    const tell = startResponses(maxBytes);
    return [tell(created).text, tell(queued).text];
  };
  assert.deepEqual(toldBy(both), ['', '']);
  assert.deepEqual(toldBy(both - 1), ['', created + queued]);
});

test('labels of the caller’s do not end a Responses stream', () => {
  const event = { response: { metadata: { type: 'response.completed' } }, type: 'response.created' };
  const created = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
  assert.throws(() => read([created], { dialect: 'openai-responses' }), { code: 'upstream_error' });
});

test('any cuts give the same answer', () => {
  const bytes = Buffer.from(stream);
  const whole = read([bytes], { hidesUsage: true }).text;
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      assert.equal(read(pieces, { hidesUsage: true }).text, whole);
    }),
  );
});

const answers = {
  'openai-chat': { id: 'x', model: 'up-2024', choices: [{ index: 0, message: { role: 'assistant', content: 'é' } }] },
  'openai-completions': { id: 'x', model: 'up-2024', choices: [{ index: 0, text: 'é' }] },
  'openai-responses': { id: 'x', model: 'up-2024', output: [] },
} as const;

for (const dialect of ['openai-chat', 'openai-completions', 'openai-responses'] as const) {
  const reading: Reading = {
    dialect,
    model: 'fast',
    hidesUsage: false,
    onUsage: () => undefined,
    failureIn: () => null,
  };
  const json = JSON.stringify(answers[dialect]);

  test(`a whole answer of ${dialect} is told with the caller’s name of the model`, () => {
    assert.equal(readWhole(Buffer.from(json), reading).toString(), json.replace('up-2024', 'fast'));
  });

  test(`what is no whole answer of ${dialect} is upstream_error, wherever it was cut`, () => {
    const bytes = Buffer.from(json);
    const cuts = Array.from(bytes, (_byte, at) => bytes.subarray(0, at));
    const others = ['{}', '[]', 'null', '"x"', '{"choices":{},"output":{}}', '{"choice":[],"outputs":[]}'];
    for (const none of [...cuts, ...others.map((text) => Buffer.from(text))]) {
      assert.throws(() => readWhole(none, reading), { code: 'upstream_error' }, none.toString());
    }
  });
}
