import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { withFiles } from '../../src/activities/chat-files.ts';
import { copiesOfFile, createFileRoom, maxFileRoomBytes } from '../../src/activities/file-room.ts';
import type { Call } from '../../src/core/call.ts';
import { namedFilesOf } from '../../src/core/chat/files.ts';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import { buildUserCall } from '../helpers/calls.ts';
import { buildChatRequest } from '../helpers/chat-request.ts';

const half = Math.floor(maxFileRoomBytes / copiesOfFile / 2);
const sizes: Record<string, number> = { 'file-half': half, 'file-more': half + 1, 'file-huge': 100 * half };

function naming(...ids: string[]): ChatRequest {
  const parts = ids.map((id) => ({
    type: 'file' as const,
    name: null,
    source: { kind: 'file' as const, id, param: 'messages' },
  }));
  return buildChatRequest({ messages: [{ role: 'user', name: null, parts }] });
}

/** A model that answers when it is told to, and is shown files of the sizes above. */
function startChats() {
  let underWay = 0;
  const answers: (() => void)[] = [];
  const bytesOf = (request: ChatRequest) =>
    [...namedFilesOf(request)].reduce((sum, { source }) => sum + (sizes[source.id] ?? 0), 0);
  const files = {
    check: async (request: ChatRequest) => bytesOf(request),
    shownIn: async (request: ChatRequest) => request,
  };
  const admission = { admit: async () => null };
  async function* model(): AsyncGenerator<ChatPart> {
    underWay += 1;
    await new Promise<void>((resolve) => answers.push(resolve));
    underWay -= 1;
  }
  const room = createFileRoom(files);
  const chat = withFiles({ files, room, admission }, model);

  async function ask(request: ChatRequest, changes: Partial<Call>): Promise<void> {
    for await (const _part of chat({ request, wire: null }, buildUserCall({}, changes)));
  }

  return {
    ask: (request: ChatRequest, changes: Partial<Call> = { inBackground: true }) => void ask(request, changes),
    answerFirst: () => answers.shift()?.(),
    async underWay(): Promise<number> {
      await nextTurn();
      return underWay;
    },
  };
}

describe('calls that nobody waits for', () => {
  it('run side by side as long as there is room for their files', async () => {
    const chats = startChats();
    chats.ask(naming('file-half'));
    chats.ask(naming('file-half'));
    assert.equal(await chats.underWay(), 2);
  });

  it('wait for room beyond that, and get it when another has ended', async () => {
    const chats = startChats();
    chats.ask(naming('file-half'));
    chats.ask(naming('file-more'));
    assert.equal(await chats.underWay(), 1);
    chats.answerFirst();
    assert.equal(await chats.underWay(), 1);
    chats.answerFirst();
    assert.equal(await chats.underWay(), 0);
  });

  it('run alone with files that there is never room for', async () => {
    const chats = startChats();
    for (let calls = 0; calls < 2; calls += 1) chats.ask(naming('file-huge'));
    assert.equal(await chats.underWay(), 1);
  });

  it('hold up none that name no files, and none that somebody waits for', async () => {
    const chats = startChats();
    chats.ask(naming('file-huge'));
    chats.ask(naming());
    chats.ask(naming('file-huge'), { inBackground: false });
    assert.equal(await chats.underWay(), 3);
  });
});
