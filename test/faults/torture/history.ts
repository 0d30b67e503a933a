/** What was done and seen, in order, in memory and as lines of a file: the checker's only witness beside the stores. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { JobStatus } from '../../../src/core/job.ts';

export type OperationKind =
  | 'call'
  | 'stream'
  | 'search'
  | 'job'
  | 'streamed-job'
  | 'deleted-job'
  | 'document'
  | 'batch'
  | 'cancelled-batch'
  | 'cancel'
  | 'foreign';

/** In Jepsen's words: `ok` and `fail` are known outcomes, `info` is an unknown one. */
export type Happening =
  | { type: 'invoke'; operation: string; kind: OperationKind; owner: number }
  | { type: 'ok'; operation: string; data?: Record<string, unknown> }
  | { type: 'fail'; operation: string; reason: string }
  | { type: 'info'; operation: string; reason: string }
  /** A call that is answered while its caller waits was sent to this API process. */
  | { type: 'sent'; operation: string; to: string }
  /** A job was accepted: from here on it must not be lost. */
  | { type: 'accepted'; operation: string; jobId: string }
  /** The caller names an address that is to be told how its job ends. */
  | { type: 'hooked'; operation: string }
  /** The marks of the lines of a batch that was handed in. */
  | { type: 'lines'; operation: string; marks: readonly string[] }
  /** The caller asked for it to be cancelled and was answered. */
  | { type: 'cancelled'; operation: string; jobId: string }
  /** The caller deleted it and was answered: from here on it is not to be found. */
  | { type: 'deleted'; operation: string; jobId: string }
  /** What a reader was told of a job. `result` is the hash of its result's body. */
  | {
      type: 'observed';
      operation: string;
      jobId: string;
      through: 'get' | 'wait' | 'list' | 'result';
      status: JobStatus;
      sequence: number | null;
      result: string | null;
    }
  /** An event that a reader of a job's stream got. `reader` tells streams of one job apart. */
  | { type: 'event'; operation: string; jobId: string; reader: string; sequence: number; event: string }
  /** Anything that was answered with an error. `isTyped`: with a code that a program can act on. */
  | { type: 'refused'; operation: string; request: string; status: number; code: string | null; isTyped: boolean }
  | { type: 'fault'; fault: string; target: string; phase: 'begin' | 'end' }
  | { type: 'kill'; victim: string }
  /** What a process that serves said when it was asked for its health; 0 when it said nothing for too long. */
  | { type: 'health'; target: string; status: number }
  /** A process of the product or an engine did not serve, whatever the reason. */
  | { type: 'away'; target: string; phase: 'begin' | 'end' };

export type HistoryEntry = Happening & { at: number };

export interface History {
  add(happening: Happening): void;
  entries: readonly HistoryEntry[];
  close(): Promise<void>;
}

export function openHistory(path: string): History {
  const file = createWriteStream(path);
  const entries: HistoryEntry[] = [];
  return {
    entries,
    add(happening) {
      const entry = { at: Date.now(), ...happening };
      entries.push(entry);
      file.write(`${JSON.stringify(entry)}\n`);
    },
    async close() {
      file.end();
      await finished(file);
    },
  };
}
