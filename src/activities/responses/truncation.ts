import type { Call } from '../../core/call.ts';
import type { ChatPart } from '../../core/chat/parts.ts';
import { withoutOldestTurns } from '../../core/chat/turns.ts';
import type { ChatCall } from '../../core/chat.ts';
import { toGatewayError } from '../../core/errors.ts';
import type { RespondCall } from '../../core/response.ts';
import type { Verbs } from '../../core/verbs.ts';

/**
 * A chat that, with `truncation: 'auto'`, is tried again without its older half for as long as the model finds it too
 * long. Only the model knows what is too long: it counts its own way.
 */
export async function* chatWithin(
  chat: Verbs['chat'],
  { request, wire, ...rest }: ChatCall,
  { truncation }: Pick<RespondCall, 'truncation'>,
  call: Call,
): AsyncGenerator<ChatPart> {
  let { messages } = request;
  for (;;) {
    let hasBegun = false;
    try {
      // The caller's own bytes say everything that was said: they are too long as well.
      const isWhole = messages === request.messages;
      const asked = { ...rest, wire: isWhole ? wire : null, request: { ...request, messages } };
      for await (const part of chat(asked, call)) {
        hasBegun = true;
        yield part;
      }
      return;
    } catch (error) {
      const mayShorten = truncation === 'auto' && !hasBegun && toGatewayError(error).code === 'context_length_exceeded';
      const shorter = mayShorten ? withoutOldestTurns(messages) : null;
      if (shorter === null) throw error;
      messages = shorter;
    }
  }
}
