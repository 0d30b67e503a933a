import type { Message } from '../chat.ts';

/**
 * A shorter conversation: without the older half of its turns, or null when only one is left. A turn begins where a
 * user says something, so that a call of a tool is never parted from its result. What the system says stays.
 */
export function withoutOldestTurns(messages: readonly Message[]): Message[] | null {
  const starts = messages.flatMap((message, index) => (beginsTurn(message) ? [index] : []));
  const firstKept = starts[Math.ceil(starts.length / 2)];
  if (firstKept === undefined) return null;
  return messages.filter((message, index) => index >= firstKept || message.role === 'system');
}

function beginsTurn({ role, parts }: Message): boolean {
  return role === 'user' && parts.some((part) => part.type !== 'tool_result');
}
