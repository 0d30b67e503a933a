import type { Target } from '../vendor.ts';
import { speaksResponsesAlone } from './responses/alone.ts';

/** The operations at which models of OpenAI converse. */
export type Wire = 'chat' | 'responses';

/**
 * How sure it is: the server has said so, or is tried on the one wire since it did not know the other. `unsigned` is a
 * server that has both, and for lack of signed thoughts is asked for a chat.
 */
export type Certainty = 'said' | 'unsigned' | 'tried';

export interface Lesson {
  wire: Wire;
  certainty: Certainty;
}

/** Whether nothing else is worth a try. */
export function isSure(lesson: Lesson | null): lesson is Lesson & { certainty: Exclude<Certainty, 'tried'> } {
  return lesson !== null && lesson.certainty !== 'tried';
}

/** A model may be moved; and what was not there may have been a server that was only just starting. */
const heldMs: Record<Certainty, number> = {
  said: 24 * 60 * 60_000,
  unsigned: 24 * 60 * 60_000,
  tried: 5 * 60_000,
};

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

    forget(target: Target): void {
      learned.delete(nameOf(target));
    },
  };
}

export type Wires = ReturnType<typeof createWires>;

function nameOf({ url, modelName }: Target): string {
  return `${url} ${modelName}`;
}
