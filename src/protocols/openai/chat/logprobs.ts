import { z } from 'zod';
import type { TokenLogprob } from '../../../core/chat/parts.ts';

const candidate = { token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() };
const tokens = z.array(z.object({ ...candidate, top_logprobs: z.array(z.object(candidate)) })).nullable();

export const logprobsSchema = z.object({ content: tokens, refusal: tokens }).nullable();
export type WireLogprobs = z.input<typeof logprobsSchema>;

type Tokens = readonly TokenLogprob[] | null;

/** Null where neither text has any. */
export function presentLogprobs(content: Tokens, refusal: Tokens): WireLogprobs {
  if (!content && !refusal) return null;
  return { content: content?.map(presentToken) ?? null, refusal: refusal?.map(presentToken) ?? null };
}

function presentToken({ token, logprob, bytes, top }: TokenLogprob) {
  return {
    ...presentCandidate({ token, logprob, bytes }),
    top_logprobs: top.map(presentCandidate),
  };
}

function presentCandidate({ token, logprob, bytes }: TokenLogprob['top'][number]) {
  return { token, logprob, bytes: bytes && [...bytes] };
}
