import type { Message, MessagePart, ToolCall } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { WireAssistantMessage, WireMessage } from './message-schema.ts';
import { toParts } from './parts-to-core.ts';
import { signatureOf, toTraces } from './reasoning.ts';

/** Messages of the wire in order; a result of a tool becomes a message of the user. */
export function toMessages(messages: readonly WireMessage[]): Message[] {
  const calls: ToolCall[] = [];
  return messages.map((message, index) => toMessage(message, `messages[${index}]`, calls));
}

/** `calls` are those before the message; its own are added. */
function toMessage(message: WireMessage, path: string, calls: ToolCall[]): Message {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', name: message.name ?? null, parts: toParts(message.content, path) };
    case 'user':
      return { role: 'user', name: message.name ?? null, parts: toParts(message.content, path) };
    case 'assistant': {
      const parts = toAssistantParts(message, path);
      calls.push(...parts.filter((part) => part.type === 'tool_call'));
      return { role: 'assistant', name: message.name ?? null, parts };
    }
    case 'tool': {
      const call = calls.find(({ id }) => id === message.tool_call_id);
      return toResult(message.tool_call_id, call?.name ?? null, toParts(message.content, path));
    }
    case 'function': {
      const call = calls.findLast(({ name }) => name === message.name);
      if (call) return toResult(call.id, call.name, toParts(message.content, path));
      const sentence = `${path}.name: Expected the name of a function that was called before, got '${message.name}'.`;
      throw new GatewayError('invalid_request', sentence, { param: `${path}.name` });
    }
  }
}

function toAssistantParts(message: WireAssistantMessage, path: string): MessagePart[] {
  if (message.audio) {
    const sentence = `${path}.audio: Answers here have no audio that could be referred to.`;
    throw new GatewayError('unsupported_value', sentence, { param: `${path}.audio` });
  }
  const parts = [
    ...toTraces(message),
    ...toParts(message.content, path),
    ...(message.refusal ? [{ type: 'refusal', text: message.refusal } as const] : []),
    ...(message.tool_calls ?? []).map((call) => toCall(call, message)),
    ...(message.function_call ? [legacyCall(message.function_call, path)] : []),
  ];
  if (parts.length === 0 && typeof message.content !== 'string') {
    const sentence = `${path}.content: Expected a string or an array, unless there are tool_calls or a refusal.`;
    throw new GatewayError('invalid_request', sentence, { param: `${path}.content` });
  }
  return parts;
}

function toCall(
  call: NonNullable<WireAssistantMessage['tool_calls']>[number],
  message: WireAssistantMessage,
): ToolCall {
  const common = { type: 'tool_call', id: call.id, signature: signatureOf(call.id, message) } as const;
  return call.type === 'function'
    ? { ...common, kind: 'function', name: call.function.name, arguments: call.function.arguments || '{}' }
    : { ...common, kind: 'custom', name: call.custom.name, arguments: call.custom.input };
}

/** Legacy calls have no id: there is one in a message, and the next result of that name is its. */
function legacyCall(call: { name: string; arguments: string }, path: string): ToolCall {
  const id = `call_${path.replaceAll(/\D/g, '')}`;
  return {
    type: 'tool_call',
    id,
    kind: 'function',
    name: call.name,
    arguments: call.arguments || '{}',
    signature: null,
  };
}

function toResult(
  callId: string,
  name: string | null,
  parts: Extract<MessagePart, { type: 'tool_result' }>['parts'],
): Message {
  return { role: 'user', name: null, parts: [{ type: 'tool_result', callId, name, isError: false, parts }] };
}
