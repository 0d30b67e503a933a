import type { ChatPart } from '../../../core/chat-parts.ts';
import { assertContentType } from '../../http/content-type.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import type { GenerateCall } from '../vendor.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { readChat } from './read-chat.ts';
import { toChatBody } from './request.ts';

/** A chat over the wire of Chat Completions. */
export async function* generate(
  connection: Connection,
  traits: ChatTraits,
  call: GenerateCall,
): AsyncGenerator<ChatPart> {
  const { request, target, onIgnored } = call;
  const answer = await connection.ask(
    call,
    'chat/completions',
    toChatBody(request, target.modelName, traits, onIgnored),
  );
  assertContentType(answer, 'event stream');
  const customTools = traits.newerTools ? new Set<string>() : customToolNames(request.tools);
  yield* readChat(answer, { customTools, key: target.key });
}
