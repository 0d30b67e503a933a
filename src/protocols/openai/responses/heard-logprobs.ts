import type { TokenLogprob } from '../../../core/chat/parts.ts';

/** Logprobs as they came, the last first. It grows without a copy of what is there: one per token would be quadratic. */
export interface HeardLogprobs {
  last: readonly TokenLogprob[];
  before: HeardLogprobs | null;
}

/** `before` stays as it is. */
export function hear(before: HeardLogprobs | null, last: readonly TokenLogprob[]): HeardLogprobs | null {
  return last.length === 0 ? before : { last, before };
}

/** All of them, the first first. */
export function logprobsOf(heard: HeardLogprobs | null): TokenLogprob[] {
  const pieces: (readonly TokenLogprob[])[] = [];
  for (let piece = heard; piece !== null; piece = piece.before) pieces.push(piece.last);
  return pieces.reverse().flat();
}
