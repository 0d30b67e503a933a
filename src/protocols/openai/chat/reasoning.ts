import type { ChatBlock } from '../../../core/chat/answer.ts';
import type { ReasoningTrace, ToolCall } from '../../../core/chat.ts';
import type { ReasoningDetail, WireAssistantMessage } from './message-schema.ts';

/** What an assistant's message says of its thoughts. Proof of a tool call is no thought: see `signatureOf`. */
export function toTraces(message: WireAssistantMessage): ReasoningTrace[] {
  const calls = new Set(message.tool_calls?.map(({ id }) => id));
  if (message.reasoning_details) {
    return message.reasoning_details.filter((detail) => !provesCall(detail, calls)).map(toTrace);
  }
  if (!message.reasoning_content) return [];
  return [{ ...noTrace, text: message.reasoning_content }];
}

export function signatureOf(callId: string, message: WireAssistantMessage): string | null {
  const detail = message.reasoning_details?.find((candidate) => provesCall(candidate, new Set([callId])));
  return detail?.type === 'reasoning.encrypted' ? detail.data : null;
}

/** The detail of an ended block; null for one that has nothing to replay. */
export function presentDetail({ id, block, text, signature }: ChatBlock): ReasoningDetail | null {
  if (block.kind === 'tool_call') {
    return signature === null ? null : { type: 'reasoning.encrypted', data: signature, id: block.callId };
  }
  if (block.kind !== 'reasoning') return null;
  if (block.redacted) return signature === null ? null : { type: 'reasoning.encrypted', data: signature, id };
  if (block.isSummary) return { type: 'reasoning.summary', summary: text, signature, id };
  return { type: 'reasoning.text', text, signature, id };
}

const noTrace = { type: 'reasoning', id: null, text: '', isSummary: false, signature: null, redacted: false } as const;

function toTrace(detail: ReasoningDetail): ReasoningTrace {
  const id = detail.id ?? null;
  switch (detail.type) {
    case 'reasoning.text':
      return { ...noTrace, id, text: detail.text, signature: detail.signature ?? null };
    case 'reasoning.summary':
      return { ...noTrace, id, text: detail.summary, isSummary: true, signature: detail.signature ?? null };
    case 'reasoning.encrypted':
      return { ...noTrace, id, signature: detail.data, redacted: true };
  }
}

function provesCall(detail: ReasoningDetail, callIds: ReadonlySet<ToolCall['id']>): boolean {
  return detail.type === 'reasoning.encrypted' && typeof detail.id === 'string' && callIds.has(detail.id);
}
