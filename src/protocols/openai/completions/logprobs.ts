import { z } from 'zod';
import type { TokenLogprob } from '../../../core/chat/parts.ts';

export const completionLogprobs = z
  .object({
    tokens: z.array(z.string()),
    token_logprobs: z.array(z.number()),
    top_logprobs: z.array(z.record(z.string(), z.number())),
    text_offset: z.array(z.int()),
  })
  .nullable();

/** `before` is the length of the text that stands before the first token's. */
export function presentLogprobs(
  tokens: readonly TokenLogprob[] | null,
  before: number,
): z.input<typeof completionLogprobs> {
  if (!tokens) return null;
  let offset = before;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: tokens.map(({ token }) => {
      offset += token.length;
      return offset - token.length;
    }),
  };
}
