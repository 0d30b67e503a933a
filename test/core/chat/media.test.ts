import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fetchesItself, keyOf, namedMediaIn, withFetched } from '../../../src/core/chat/media.ts';
import type { ChatRequest, Media, MessagePart } from '../../../src/core/chat.ts';
import { vendorAddresses } from '../../../src/core/models/vendor-addresses.ts';
import { buildChatRequest } from '../../helpers/chat-request.ts';

const at = (url: string): Media => ({ kind: 'url', url });
const image = (source: Media): MessagePart => ({ type: 'image', source, detail: 'low' });
const file = (source: Media): MessagePart => ({ type: 'file', source, name: 'a.pdf' });
const data: Media = { kind: 'data', mediaType: 'image/png', data: 'iVBO' };

function saying(...parts: readonly MessagePart[]): ChatRequest {
  return buildChatRequest({ messages: [{ role: 'user', name: null, parts }] });
}

describe('who fetches what a conversation names by its address', () => {
  it('is a vendor at its own address, for what it takes so', () => {
    const openai = { vendor: 'openai', url: vendorAddresses.openai ?? '' } as const;
    assert.equal(fetchesItself(openai, 'image'), true);
    assert.equal(fetchesItself(openai, 'file'), false);
    assert.equal(fetchesItself({ vendor: 'anthropic', url: null }, 'file'), true);
    assert.equal(fetchesItself({ vendor: 'azure', url: 'https://a.openai.azure.com/' }, 'image'), true);
  });

  it('is never what may stand in the operator’s own network', () => {
    for (const provider of [
      { vendor: 'vllm', url: 'http://10.0.0.7:8000/' },
      { vendor: 'ollama', url: 'http://127.0.0.1:11434/' },
      { vendor: 'openai', url: 'http://10.0.0.7:8000/' },
      { vendor: 'azure', url: 'https://10.0.0.7/' },
      { vendor: 'azure', url: 'https://a.openai.azure.com.example/' },
      { vendor: 'anthropic', url: 'https://proxy.example/' },
    ] as const) {
      assert.equal(fetchesItself(provider, 'image'), false);
      assert.equal(fetchesItself(provider, 'file'), false);
    }
  });
});

describe('what a conversation names by its address', () => {
  it('is found in messages and in results of tools, each once and in its place', () => {
    const result: MessagePart = {
      type: 'tool_result',
      callId: 'c',
      name: null,
      isError: false,
      parts: [{ type: 'file', source: at('https://a/2'), name: null }],
    };
    const request = saying(
      image(data),
      image(at('https://a/1')),
      image(at('https://a/1')),
      file(at('https://a/1')),
      result,
    );
    assert.deepEqual(namedMediaIn(request), [
      { kind: 'image', url: 'https://a/1', param: 'messages[0].content[1]' },
      { kind: 'file', url: 'https://a/1', param: 'messages[0].content[3]' },
      { kind: 'file', url: 'https://a/2', param: 'messages[0].content[4]' },
    ]);
  });

  it('is replaced by what was fetched, and by nothing else', () => {
    const fetched = new Map([[keyOf({ kind: 'image', url: 'https://a/1' }), data]]);
    const request = saying(image(at('https://a/1')), file(at('https://a/1')), { type: 'text', text: 'x' });
    const expected = saying(image(data), file(at('https://a/1')), { type: 'text', text: 'x' });
    assert.deepEqual(withFetched(request, fetched), expected);
  });
});
