import type { ReasoningTrace, ToolCall } from '../../src/core/chat.ts';

/** A thought without a signature, but for what the test says. */
export function buildTrace(changes: Partial<ReasoningTrace> = {}): ReasoningTrace {
  return { type: 'reasoning', id: null, text: 'Hm.', isSummary: false, signature: null, redacted: false, ...changes };
}

export function buildToolCall(changes: Partial<ToolCall> = {}): ToolCall {
  return { type: 'tool_call', id: 'call_1', kind: 'function', name: 'f', arguments: '{}', signature: null, ...changes };
}
