/** What a model says, part by part: what vendors make and dialects put into events. */
import type { SearchHit } from '../search.ts';
import type { Bill, Usage } from '../usage.ts';

/**
 * What a model says, as it says it. `start` comes first. Each block is begun, grows, and ends under its `id`, which is
 * unique in the answer; blocks of one choice never interleave. The text of a function's call is never empty: where the
 * model gave no arguments, it is `{}`. Each choice ends with `finish`, the whole with `usage`. A stream that ends without
 * the `finish` of every choice was cut off: an error is thrown, never a clean end.
 */
export type ChatPart =
  | StartPart
  | SearchPart
  | { type: 'block-start'; choice: number; id: string; block: Block }
  | { type: 'block-delta'; choice: number; id: string; delta: string; logprobs: readonly TokenLogprob[] | null }
  | { type: 'block-end'; choice: number; id: string; signature: string | null; annotations: readonly Annotation[] }
  | FinishPart
  | UsagePart
  | WirePart;

export interface StartPart {
  type: 'start';
  /** The answer's id: the request's, without a dialect's prefix. */
  id: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The name the caller used. */
  model: string;
  serviceTier: string | null;
  systemFingerprint: string | null;
}

interface FinishPart {
  type: 'finish';
  choice: number;
  reason: FinishReason;
  stopSequence: string | null;
  /** Of a vendor that says only now which tier has served: in place of that of `start`. */
  serviceTier?: string;
}

/** What was found for a call with `search`; right after `start`. */
interface SearchPart {
  type: 'search';
  hits: readonly SearchHit[];
}

export interface UsagePart {
  type: 'usage';
  usage: Usage;
  /** Null from a vendor; the verb works it out. */
  bill: Bill | null;
}

/** The upstream's own bytes, for a caller of the same dialect. An answer has either these alone or none of them. */
export interface WirePart {
  type: 'wire';
  bytes: Uint8Array;
}

/** What a text of the assistant is to its turn, as far as its vendor tells: said on the way, or the answer itself. */
export const phases = ['commentary', 'final_answer'] as const;
export type Phase = (typeof phases)[number];

export type Block =
  | { kind: 'text'; phase?: Phase }
  | { kind: 'refusal' }
  | { kind: 'reasoning'; isSummary: boolean; redacted: boolean }
  | { kind: 'tool_call'; callId: string; name: string; toolKind: 'function' | 'custom' };

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: readonly number[] | null;
  top: readonly { token: string; logprob: number; bytes: readonly number[] | null }[];
}

/** A source that the model cites. Offsets count UTF-16 units in the text of the block. */
export interface Annotation {
  type: 'url_citation';
  url: string;
  title: string | null;
  start: number;
  end: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';
