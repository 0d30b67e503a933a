import type { StoredChatRepository } from '../adapters/mongo/stored-chats.ts';
import type { Config } from '../config.ts';
import { ownerOf, type Principal } from '../core/access.ts';
import type { Call } from '../core/call.ts';
import { collect } from '../core/chat/answer.ts';
import type { ChatPart } from '../core/chat/parts.ts';
import type { ChatCall } from '../core/chat.ts';
import { assertThat } from '../core/errors.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';

type KeepSettings = NonNullable<ChatCall['keep']>;

interface KeepingDependencies {
  config: Pick<Config, 'chat'>;
  clock: { now(): number };
  storedChats: StoredChatRepository;
}

/** `chat`, which keeps a conversation and its answer for whoever asked for it. One that failed is not kept. */
export function withKeeping(deps: KeepingDependencies, chat: InferenceVerbs['chat']): InferenceVerbs['chat'] {
  async function* keepingChat(keep: KeepSettings, input: ChatCall, call: Call): AsyncGenerator<ChatPart> {
    const { request } = input;
    const ownerId = assertKeepable(deps, input, call.principal);
    const createdAt = deps.clock.now();
    const parts: ChatPart[] = [];
    for await (const part of chat(input, call)) {
      parts.push(part);
      yield part;
    }
    const answer = collect(parts);
    await deps.storedChats.put({
      id: answer.start.id,
      ownerId,
      createdAt,
      expiresAt: createdAt + deps.config.chat.storedRetentionMs,
      model: request.model,
      metadata: keep.metadata,
      messages: request.messages,
      answer,
    });
  }
  return (input, call) => (input.keep ? keepingChat(input.keep, input, call) : chat(input, call));
}

/** A job is refused at once for what its call would be refused for. */
export function withKeepingAdmission(
  deps: Pick<KeepingDependencies, 'config'>,
  admission: Admission<ChatCall>,
): Admission<ChatCall> {
  return {
    ...admission,
    async admit(input, call, previous) {
      if (input.keep) assertKeepable(deps, input, call.principal);
      return admission.admit(input, call, previous);
    },
  };
}

/** Before the model is asked: an answer that cannot be kept must not be paid for. */
function assertKeepable({ config }: Pick<KeepingDependencies, 'config'>, { request }: ChatCall, principal: Principal) {
  const ownerId = ownerOf(principal, 'stored completions');
  const bytes = Buffer.byteLength(JSON.stringify(request.messages));
  const { maxStoredBytes } = config.chat;
  assertThat(
    bytes <= maxStoredBytes,
    'invalid_request',
    `store: Expected a conversation of at most ${maxStoredBytes} bytes to be kept, got ${bytes}.`,
    { param: 'store' },
  );
  return ownerId;
}
