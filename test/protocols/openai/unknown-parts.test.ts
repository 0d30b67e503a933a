import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatRequestSchema } from '../../../src/protocols/openai/chat/request-schema.ts';
import { toChatCall } from '../../../src/protocols/openai/chat/to-core.ts';
import { responseRequest } from '../../../src/protocols/openai/responses/request.ts';
import { toRespondCall } from '../../../src/protocols/openai/responses/to-core.ts';

const bytes = new TextEncoder().encode('{}');
const inside = 'http://169.254.169.254/';
const marks = { cache_control: { type: 'ephemeral' }, prompt_cache_breakpoint: {} };

function chatWith(message: object) {
  const body = { model: 'm', messages: [{ role: 'user', content: 'x' }, message] };
  return toChatCall(chatRequestSchema.parse(body), bytes);
}

function respondWith(item: object) {
  const body = { model: 'm', input: [{ role: 'user', content: 'x' }, item], store: false };
  const { chat, wire } = toRespondCall(responseRequest.parse(body), bytes);
  return { request: chat, wire };
}

const said = (part: object) => ({ role: 'user', content: [part] });
const text = { type: 'text', text: 'x' };
const png = 'data:image/png;base64,AA==';
const told = { type: 'input_text', text: 'x' };

describe('a message of chat', () => {
  const known: Record<string, object> = {
    'parts that are known': said({ type: 'image_url', image_url: { url: png, detail: 'low' } }),
    'marks for a cache': { ...said({ ...text, ...marks }), cache_control: marks.cache_control },
    'nothing in a field that is unknown': said({ ...text, image_url: null }),
    'what was answered, as it came': {
      ...{ role: 'assistant', content: 'x', refusal: null, annotations: [], audio: null, function_call: null },
      ...{ reasoning: 'y', parsed: null, token_ids: null },
    },
  };
  for (const [what, message] of Object.entries(known)) {
    it(`is passed on with ${what}`, () => {
      const { wire, request } = chatWith(message);
      assert.equal(wire?.bytes, bytes);
      assert.deepEqual(request.unknownFields, []);
    });
  }

  const unknown: Record<string, [object, string[]]> = {
    'an address in a part that is a text': [
      said({ ...text, uuid: 'a', image_url: { url: inside } }),
      ['messages[1].content[0].uuid', 'messages[1].content[0].image_url'],
    ],
    'an address beside the picture': [
      said({ type: 'image_url', image_url: { url: png, URL: inside } }),
      ['messages[1].content[0].image_url.URL'],
    ],
    'an address beside the sound': [
      said({ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav', audio_url: inside } }),
      ['messages[1].content[0].input_audio.audio_url'],
    ],
    'an address beside the file': [
      said({ type: 'file', file: { file_data: png, file_url: inside } }),
      ['messages[1].content[0].file.file_url'],
    ],
    'an address in the system message': [
      { role: 'system', content: [{ ...text, video_url: inside }] },
      ['messages[1].content[0].video_url'],
    ],
    'pictures beside its content': [{ role: 'assistant', content: 'x', images: [inside] }, ['messages[1].images']],
    'its content a second time': [{ ...said(text), Content: [{ type: 'image_url' }] }, ['messages[1].Content']],
  };
  for (const [what, [message, paths]] of Object.entries(unknown)) {
    it(`is not passed on with ${what}, which is told to be ignored`, () => {
      const { wire, request } = chatWith(message);
      assert.equal(wire, null);
      assert.deepEqual(request.unknownFields, paths);
    });
  }
});

describe('an item of a response', () => {
  const answered = { type: 'output_text', text: 'x', annotations: [], logprobs: [] };
  const thought = { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'x', more: 1 }] };
  const known: Record<string, object> = {
    'marks for a cache': said({ ...told, ...marks }),
    'what was answered, as it came': { role: 'assistant', phase: 'final_answer', content: [answered] },
    'a thought, whatever is in it': thought,
  };
  for (const [what, item] of Object.entries(known)) {
    it(`is passed on with ${what}`, () => {
      const { wire, request } = respondWith(item);
      assert.equal(wire?.bytes, bytes);
      assert.deepEqual(request.unknownFields, []);
    });
  }

  const call = { call_id: 'a', name: 'f', arguments: '{}' };
  const unknown: Record<string, [object, string[]]> = {
    'an address in a part that is a text': [
      said({ ...told, uuid: 'a', image_url: inside }),
      ['input[1].content[0].uuid', 'input[1].content[0].image_url'],
    ],
    'an address in what a tool has answered': [
      { type: 'function_call_output', call_id: 'a', output: [{ ...told, video_url: inside }] },
      ['input[1].output[0].video_url'],
    ],
    'an address beside the sound': [
      said({ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav', url: inside } }),
      ['input[1].content[0].input_audio.url'],
    ],
    'its content a second time': [{ ...said(told), Content: [] }, ['input[1].Content']],
    'parts where none belong': [{ type: 'function_call', ...call, content: [null] }, ['input[1].content[0]']],
  };
  for (const [what, [item, paths]] of Object.entries(unknown)) {
    it(`is not passed on with ${what}, which is told to be ignored`, () => {
      const { wire, request } = respondWith(item);
      assert.equal(wire, null);
      assert.deepEqual(request.unknownFields, paths);
    });
  }
});
