import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NamedFile, namedFilesOf, withNamedFiles } from '../../../src/core/chat/files.ts';
import type { MessagePart } from '../../../src/core/chat.ts';
import { buildChatRequest } from '../../helpers/chat-request.ts';

const named = (id: string): NamedFile => ({
  type: 'file',
  source: { kind: 'file', id, param: `at ${id}` },
  name: null,
});
const address: MessagePart = { type: 'file', source: { kind: 'url', url: 'https://a/b.pdf' }, name: null };
const text: MessagePart = { type: 'text', text: 'file-1' };

const request = buildChatRequest({
  messages: [
    { role: 'user', name: null, parts: [text, named('1'), address] },
    {
      role: 'user',
      name: null,
      parts: [
        { type: 'tool_result', callId: 'c', name: null, isError: false, parts: [named('2')] },
        { type: 'image', source: { kind: 'file', id: '1', param: 'again' }, detail: 'low' },
      ],
    },
  ],
});

describe('stored files in a conversation', () => {
  it('are found in messages and in results of tools, each mention in its order', () => {
    assert.deepEqual(
      [...namedFilesOf(request)].map(({ source }) => [source.id, source.param]),
      [
        ['1', 'at 1'],
        ['2', 'at 2'],
        ['1', 'again'],
      ],
    );
  });

  it('are replaced where they stand, and nothing else is', () => {
    const replaced = withNamedFiles(request, (part) => ({ ...part, source: { kind: 'url', url: part.source.id } }));
    assert.deepEqual([...namedFilesOf(replaced)], []);
    const expected = JSON.stringify(request.messages).replaceAll(
      /\{"kind":"file","id":"(\d)","param":"[^"]*"\}/g,
      '{"kind":"url","url":"$1"}',
    );
    assert.equal(JSON.stringify(replaced.messages), expected);
    assert.deepEqual({ ...replaced, messages: [] }, { ...request, messages: [] });
  });
});
