import { inLanes } from '../core/in-lanes.ts';
import { createLimiter } from '../core/limiter.ts';

const pageSize = 200;
/** Beyond this many waiting starts the sweep takes over: it reads them from the store, not from memory. */
const maxWaiting = 1_000;

/** How things of one kind, which are stored, are handed to their workflows. */
export interface Starting<Thing, Mark> {
  concurrentStarts: number;
  /** Answers what `mark` is told. Safe to repeat. */
  begin(thing: Thing): Promise<Mark>;
  /** Writes down that these were started. */
  mark(started: readonly Mark[]): Promise<void>;
  /** A start that failed and that nobody waits for. */
  onMissed(error: unknown, thing: Thing): void;
  /** Stored before `before` and never started: by id after `cursor`. */
  unstarted(before: number, cursor: string | null, limit: number): Promise<readonly Thing[]>;
}

/** Starts things at once after they were stored, a few side by side, and by a sweep what was missed. */
export function createStarter<Thing extends { id: string }, Mark>(starting: Starting<Thing, Mark>) {
  const { concurrentStarts } = starting;
  const limited = createLimiter(concurrentStarts);
  let waiting = 0;
  let started: Mark[] = [];
  let marking: Promise<void> | null = null;

  /** One write marks all that were started since the last one. */
  function mark(one: Mark): Promise<void> {
    started.push(one);
    marking ??= Promise.resolve().then(async () => {
      const marks = started;
      started = [];
      marking = null;
      await starting.mark(marks);
    });
    return marking;
  }

  async function start(thing: Thing): Promise<void> {
    await mark(await starting.begin(thing));
  }

  return {
    /** Resolves when it is started and marked. */
    start,

    /** Returns at once; a failure is left to the sweep. */
    soon(thing: Thing): void {
      if (waiting >= maxWaiting) return;
      waiting += 1;
      limited(() => start(thing))
        .catch((error: unknown) => starting.onMissed(error, thing))
        .finally(() => {
          waiting -= 1;
        });
    },

    /** `startOne` for everything stored before `before` and never started, until one of them throws. */
    async sweep(before: number, signal: AbortSignal, startOne: (thing: Thing) => Promise<void>): Promise<void> {
      let cursor: string | null = null;
      do {
        const page: readonly Thing[] = await starting.unstarted(before, cursor, pageSize);
        await inLanes(page, concurrentStarts, signal, startOne);
        cursor = page.length < pageSize ? null : (page.at(-1)?.id ?? null);
      } while (cursor !== null);
    },
  };
}
