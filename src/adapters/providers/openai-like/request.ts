import type { ChatRequest } from '../../../core/chat.ts';
import type { ChatTraits } from './description.ts';
import { toWireMessages } from './messages.ts';
import { toWireSettings } from './settings.ts';
import { toWireTools } from './tools.ts';

/** The body of a chat, always of a streamed one. Throws `unsupported_value` for what the vendor does not do. */
export function toChatBody(
  request: ChatRequest,
  modelName: string,
  traits: ChatTraits,
  onIgnored: (path: string) => void = () => undefined,
): Record<string, unknown> {
  const messages = toWireMessages(request.messages, traits);
  for (const field of request.unknownFields) onIgnored(field);
  return {
    model: modelName,
    messages: messages.map((message) => traits.adaptMessage?.(message, onIgnored) ?? message),
    ...toWireTools(request, traits),
    ...toWireSettings(request, traits, onIgnored),
    stream: true,
    ...(traits.usageOnRequest && { stream_options: { include_usage: true } }),
  };
}
