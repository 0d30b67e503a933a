import type { Principal } from './access.ts';

/** Structured log: fields first, then one sentence. Secrets are redacted by the implementation. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How far a long call has come. */
export interface Progress {
  /** 0 to 100 over all stages; never decreases. Null when it cannot be told. */
  percent: number | null;
  /** A word of the operation's own, e.g. `extract`. */
  stage: string;
  /** Within the stage. */
  completed: number;
  total: number | null;
  /** One short sentence for people. */
  message: string | null;
}

/** Who served a call. */
export interface Served {
  /** Name of the vendor and id of the provider, e.g. `openai-12`. */
  provider: string;
  /** How many providers were asked, 1 or more. */
  attempts: number;
  upstreamRequestId: string | null;
  /** Fields of the request that had no effect there, as paths of the wire. */
  ignored: readonly string[];
}

/** Who is calling, and how to be polite to them. The same for an inline call and a workflow step. */
export interface Call {
  principal: Principal;
  requestId: string;
  /** Aborts when the caller is gone, the job is cancelled, or the process is stopping. */
  signal: AbortSignal;
  /** 1 on the first try. */
  attempt: number;
  /** When this try was put on its queue, by the workflow engine's clock; absent where no worker runs it. */
  scheduledAt?: number;
  /** No caller waits on an open connection: gives way to those who do. */
  inBackground?: boolean;
  /** Nobody hears of the answer before all of it is there: until then it may be begun anew. */
  wantsWhole?: boolean;
  /** `METHOD /path/template` of the declaration that was called; null for work of our own. */
  operation: string | null;
  /** Stable across retries of this step. */
  idempotencyKey: string;
  /** What it is billed as, once, however often it is tried; absent for a call that nobody repeats. */
  unit?: string;
  progress(update: Progress): void;
  /** Said before the first part of an answer, by a verb that calls a model. The last word counts. */
  served(by: Served): void;
  log: Logger;
}

export type Verb<Input, Output> = (input: Input, call: Call) => Promise<Output>;
export type StreamVerb<Input, Part> = (input: Input, call: Call) => AsyncIterable<Part>;
