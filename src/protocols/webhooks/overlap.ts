import { z } from 'zod';

const unitsMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const maxMs = 7 * 86_400_000;
const defaultOverlap = '24h';
const expected = 'Expected a duration of at most seven days, such as 90s, 30m, 24h or 7d.';

/** How long old secrets sign beside the new one: text on the wire, milliseconds behind it. */
const overlap = z
  .string()
  .default(defaultOverlap)
  .describe('How long the old secret signs beside the new one: 90s, 30m, 24h, 7d. With 0s it ends at once.')
  .transform((text, context) => {
    const ms = msOf(text);
    if (ms <= maxMs) return ms;
    context.addIssue(expected);
    return z.NEVER;
  });

export const rotation = z.strictObject({ overlap }).optional();

/** Of the body of a rotation, which may be left out. */
export function overlapMsOf(body: z.output<typeof rotation>): number {
  return body?.overlap ?? msOf(defaultOverlap);
}

/** NaN for what is no duration. */
function msOf(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return Number(amount) * (unitsMs[unit] ?? Number.NaN);
}
