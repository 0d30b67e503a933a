import { assertContentType } from '../../http/content-type.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import type { GenerateCall } from '../vendor.ts';
import type { Asking } from './asking.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { chatReader } from './read-chat.ts';
import { toChatBody } from './request.ts';

/** A chat over the wire of Chat Completions. */
export function askChat(connection: Connection, traits: ChatTraits, call: GenerateCall): Asking {
  const { request, target, onIgnored } = call;
  const customTools = traits.newerTools ? new Set<string>() : customToolNames(request.tools);
  return {
    async open() {
      const body = toChatBody(request, target.modelName, traits, onIgnored);
      const answer = await connection.ask(call, 'chat/completions', body);
      assertContentType(answer, 'event stream');
      return answer;
    },
    reader: chatReader({ customTools, key: target.key }),
  };
}
