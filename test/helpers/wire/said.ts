/** What a model says in a test, in words of no vendor: each vendor's wire says it in its own. */
import type { FinishReason } from '../../../src/core/chat/parts.ts';

export interface Said {
  /** Each in as many pieces as it is streamed in. */
  reasoning?: readonly string[];
  text?: readonly string[];
  refusal?: readonly string[];
  toolCalls?: readonly SaidToolCall[];
  finish?: FinishReason;
  /** Null for a vendor that tells none. */
  usage?: SaidUsage | null;
}

interface SaidToolCall {
  id: string;
  name: string;
  /** Pieces of JSON text; none for a call without arguments. */
  arguments: readonly string[];
}

/** Inclusive, as `Usage` is. */
export interface SaidUsage {
  prompt: number;
  completion: number;
  cached?: number;
  reasoning?: number;
}

export const someUsage: SaidUsage = { prompt: 9, completion: 3 };

/** How it ended, where a test does not care. */
export function finishOf(said: Said): FinishReason {
  return said.finish ?? (said.toolCalls?.length ? 'tool_calls' : 'stop');
}
