import { z } from 'zod';
import type { TokenLogprob } from '../../../core/chat/parts.ts';

/** A token with its chances, as events of both wires have it. */
export const eventLogprob = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
  top_logprobs: z
    .array(z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() }))
    .nullish(),
});

export type EventLogprob = z.output<typeof eventLogprob>;

/** Null where there are none. */
export function toLogprobs(told: readonly EventLogprob[] | null | undefined): TokenLogprob[] | null {
  return told?.length ? told.map(toLogprob) : null;
}

function toLogprob({ token, logprob, bytes = null, top_logprobs: top }: EventLogprob): TokenLogprob {
  return { token, logprob, bytes, top: (top ?? []).map((each) => ({ ...each, bytes: each.bytes ?? null })) };
}
