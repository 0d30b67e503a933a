import type { LoadBalancingStrategy } from '../models.ts';

export interface Candidate {
  qosLimit: number | null;
  /** Calls under way, over all processes. */
  inFlight: number;
  /** It alone can go on with what the conversation holds. */
  isPreferred: boolean;
}

/**
 * In which order to ask: preferred ones first, then by chance (`shuffle`), or the one with the smallest share of its
 * limit in use first and equal ones by chance (`least_busy`). `random` gives 0 to 1, without 1.
 */
export function rank<C extends Candidate>(
  candidates: readonly C[],
  strategy: LoadBalancingStrategy,
  random: () => number,
): C[] {
  const ranked = shuffle(candidates, random);
  if (strategy === 'least_busy') {
    const limits = candidates.flatMap(({ qosLimit }) => qosLimit ?? []);
    // Beside bounded ones, one without a bound counts like the largest of them.
    const largest = Math.max(1, ...limits);
    const load = ({ inFlight, qosLimit }: C) => inFlight / (qosLimit || largest);
    ranked.sort((a, b) => load(a) - load(b));
  }
  return ranked.sort((a, b) => Number(b.isPreferred) - Number(a.isPreferred));
}

/** Fisher and Yates: every order is equally likely. */
function shuffle<C>(items: readonly C[], random: () => number): C[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [shuffled[last], shuffled[other]];
    if (a === undefined || b === undefined) break;
    shuffled[last] = b;
    shuffled[other] = a;
  }
  return shuffled;
}
