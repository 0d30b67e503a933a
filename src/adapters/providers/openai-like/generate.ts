import type { ChatPart } from '../../../core/chat-parts.ts';
import { assertContentType } from '../../http/content-type.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import type { StreamedAnswer } from '../translation/read-answer.ts';
import type { GenerateCall } from '../vendor.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { readChat } from './read-chat.ts';
import { toChatBody } from './request.ts';

/** A chat over the wire of Chat Completions. */
export function generate(connection: Connection, traits: ChatTraits, call: GenerateCall): AsyncIterable<ChatPart> {
  const { request, target, onIgnored } = call;
  async function open(): Promise<StreamedAnswer> {
    const body = toChatBody(request, target.modelName, traits, onIgnored);
    const answer = await connection.ask(call, 'chat/completions', body);
    assertContentType(answer, 'event stream');
    return answer;
  }
  const customTools = traits.newerTools ? new Set<string>() : customToolNames(request.tools);
  return readChat(open, { customTools, key: target.key });
}
