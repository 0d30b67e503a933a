import type { AnthropicEffort } from '../../../core/chat/tables/efforts.ts';

/** What the Messages API lets a model do; it tells none of this itself. */
export interface ClaudeModel {
  /** What `max_tokens` is when a caller gives none; the API demands one. */
  maxOutputTokens: number;
  /** `budget` is told a number of tokens, `adaptive` an effort. */
  thinking: 'none' | 'budget' | 'adaptive';
  /** Of an adaptive model, rising. */
  efforts: readonly AnthropicEffort[];
  /** `temperature`, `top_p` and `top_k`. */
  sampling: boolean;
  /** `output_config.format` and `strict` tools. */
  structuredOutput: boolean;
  /** Goes on with a last message of the assistant. */
  prefill: boolean;
  /** System messages in the midst of a conversation. */
  laterSystem: boolean;
}

const plain: ClaudeModel = {
  maxOutputTokens: 4_096,
  thinking: 'none',
  efforts: [],
  sampling: true,
  structuredOutput: false,
  prefill: true,
  laterSystem: false,
};
const budget: ClaudeModel = { ...plain, maxOutputTokens: 64_000, thinking: 'budget' };
const adaptive: ClaudeModel = {
  ...plain,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  efforts: ['low', 'medium', 'high', 'max'],
  structuredOutput: true,
  prefill: false,
};
const newest: ClaudeModel = { ...adaptive, efforts: ['low', 'medium', 'high', 'xhigh', 'max'], sampling: false };

/** The first that fits. Names come with dates, and from resellers with prefixes. */
const models: readonly (readonly [RegExp, ClaudeModel])[] = [
  [/claude-(?:instant|v?2|3-(?:haiku|sonnet|opus))/, plain],
  [/claude-3-5/, { ...plain, maxOutputTokens: 8_192 }],
  [/claude-3-7/, budget],
  [/claude-opus-4-1/, { ...budget, maxOutputTokens: 32_000, structuredOutput: true }],
  [/claude-(?:opus|sonnet|haiku)-4-5/, { ...budget, structuredOutput: true }],
  [/claude-(?:opus|sonnet)-4-6/, adaptive],
  [/claude-opus-4-[89]/, { ...newest, laterSystem: true }],
  [/claude-opus-4-7/, newest],
  [/claude-opus-4(?:-|@|$)/, { ...budget, maxOutputTokens: 32_000 }],
  [/claude-sonnet-4(?:-|@|$)/, budget],
  [/claude-/, newest],
];

/** A model of another maker behind the same API gets what every model takes. */
const foreign: ClaudeModel = { ...budget, maxOutputTokens: 8_192, structuredOutput: true };

export function claudeModel(name: string): ClaudeModel {
  return models.find(([pattern]) => pattern.test(name))?.[1] ?? foreign;
}
