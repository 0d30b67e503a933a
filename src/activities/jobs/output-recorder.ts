import { setTimeout as delay } from 'node:timers/promises';
import { crashPoint } from '../../core/crash-point.ts';
import type { StreamForm, WireEvent } from '../../core/endpoint.ts';
import type { JobRun } from '../../core/job.ts';
import type { Lifecycle } from './lifecycle.ts';

const intervalMs = 50;

/**
 * Writes the events of a streamed call to its job's log, so that any process can send them on from any place. One line
 * holds what came while the line before it was written, and at least what came within 50 ms. A line's data:
 * `{ run, index, delta, events }`, where `index` counts the run's events from 0 and `delta` is the text in them. A later
 * run begins anew: lines of an earlier one are void.
 */
export function createOutputRecorder(lifecycle: Lifecycle, ref: JobRun, form: StreamForm, body: unknown) {
  let state = form.initial(body);
  let waiting: WireEvent[] = [];
  let delta = '';
  let index = 0;
  let writing: Promise<void> | null = null;
  let failed: { reason: unknown } | null = null;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      await delay(intervalMs);
      const data = { run: ref.run, index, delta, events: waiting };
      index += waiting.length;
      waiting = [];
      delta = '';
      crashPoint('output.taken.before_append');
      await lifecycle.report(ref, [{ type: 'job.output', data }], null);
      crashPoint('output.appended.before_next');
    }
  }

  function add(events: readonly WireEvent[]): void {
    waiting.push(...events);
    if (waiting.length === 0 || writing !== null) return;
    // One that failed stays: nothing is written behind a line that is missing.
    writing = write().then(() => {
      writing = null;
    });
    writing.catch((reason: unknown) => {
      failed = { reason };
    });
  }

  return {
    /** Throws why an earlier part could not be written: the rest would be for nobody. */
    part(part: unknown): void {
      if (failed) throw failed.reason;
      const [nextState, events] = form.next(state, part);
      state = nextState;
      delta += textOf(part);
      add(events);
    },

    /** The proper end of the stream; resolves when all of it is in the log. */
    async end(): Promise<void> {
      add(form.end(state));
      await writing;
    },

    /** Resolves when all that came is in the log; the stream has no end. */
    async stop(): Promise<void> {
      await writing;
    },
  };
}

function textOf(part: unknown): string {
  if (typeof part !== 'object' || part === null || !('type' in part) || part.type !== 'block-delta') return '';
  return 'delta' in part && typeof part.delta === 'string' ? part.delta : '';
}
