import type { Target } from '../vendor.ts';
import { speaksResponsesAlone } from './responses/alone.ts';

/** The operations at which models of OpenAI converse. */
export type Wire = 'chat' | 'responses';

/** How sure it is: the server has said so, or has answered on the one wire after it did not know the other. */
export type Certainty = 'said' | 'tried';

export interface Lesson {
  wire: Wire;
  certainty: Certainty;
}

/** A model may be moved; and what was not there may have been a server that was only just starting. */
const heldMs: Record<Certainty, number> = { said: 24 * 60 * 60_000, tried: 5 * 60_000 };

/** On which of its wires a deployment is asked, as far as it has turned out or its name tells. */
export function createWires(clock: { now(): number }) {
  const learned = new Map<string, Lesson & { until: number }>();

  function forgetOld(now: number): void {
    for (const [deployment, { until }] of learned) if (until <= now) learned.delete(deployment);
  }

  return {
    /** Null where nothing is known. */
    of(target: Target): Lesson | null {
      const lesson = learned.get(nameOf(target));
      if (lesson && clock.now() < lesson.until) return lesson;
      return speaksResponsesAlone(target.modelName) ? { wire: 'responses', certainty: 'said' } : null;
    },

    learn(target: Target, wire: Wire, certainty: Certainty): void {
      const now = clock.now();
      forgetOld(now);
      learned.set(nameOf(target), { wire, certainty, until: now + heldMs[certainty] });
    },
  };
}

export type Wires = ReturnType<typeof createWires>;

function nameOf({ url, modelName }: Target): string {
  return `${url} ${modelName}`;
}
