/** Why an answer ended, from the words of each upstream. */
import type { FinishReason } from '../parts.ts';

export const anthropicStopReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  compaction: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

/** Gemini says STOP after calls too. What is not here is a failure, such as MALFORMED_FUNCTION_CALL. */
export const geminiFinishReasons: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  LANGUAGE: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
};

/** Ollama says `stop` after calls too. */
export const ollamaDoneReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  load: 'stop',
  length: 'length',
};

/** Of Chat Completions as OpenAI, vLLM and Mistral write it. What is not here is a natural end, or a failure below. */
export const openAiFinishReasons: Readonly<Record<string, FinishReason>> = {
  length: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

/** Words for an answer that was given up in the middle. */
export const openAiFailures: readonly string[] = ['error', 'abort'];
