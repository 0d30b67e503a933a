import { isRecord } from './json/is-record.ts';
import { type Usage, usageOf } from './usage.ts';

/** OpenAI's `usage`, as Chat Completions, Completions and Responses write it; both are inclusive. Null of anything else. */
export function readOpenAiUsage(value: unknown): Usage | null {
  if (!isRecord(value)) return null;
  const promptTokens = value['prompt_tokens'] ?? value['input_tokens'];
  if (typeof promptTokens !== 'number') return null;
  const prompt = value['prompt_tokens_details'] ?? value['input_tokens_details'];
  const completion = value['completion_tokens_details'] ?? value['output_tokens_details'];
  return usageOf({
    promptTokens,
    completionTokens: count(value, 'completion_tokens') || count(value, 'output_tokens'),
    cachedTokens: count(prompt, 'cached_tokens'),
    cacheWriteTokens: count(prompt, 'cache_write_tokens'),
    reasoningTokens: count(completion, 'reasoning_tokens'),
  });
}

function count(value: unknown, key: string): number {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : 0;
}
