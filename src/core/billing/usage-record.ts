import { lineRequestPrefix } from '../batch.ts';
import type { Bill, Usage } from '../usage.ts';

/**
 * One call on a model, as it is written down when it ends: answered, failed or given up. Holds nothing of what was said.
 * Names are those of the time of the call, so that the record can still be read when what they name is gone.
 */
export interface UsageRecord {
  /** Made once, when the call begins: a record that is written again is the same record. */
  id: string;
  /** When the call began. Milliseconds since the epoch. */
  createdAt: number;
  /** The user; 0 for the master key. */
  ownerId: number;
  /** The key that was presented. */
  keyId: number | null;
  requestId: string;
  /** 1 on the first try of a step of a job. */
  attempt: number;
  /** Of all records of one unit only the latest is billed: the tries before it are cost. Null for a unit of its own. */
  unit: string | null;
  router: { id: number; name: string };
  /** Null when none was asked. */
  provider: { id: number; vendor: string; modelName: string } | null;
  /** Of the declaration that was called, e.g. `POST` and `/v1/embeddings`; null for work of our own. */
  method: string | null;
  endpoint: string | null;
  /** HTTP status; 499 for a call that its caller gave up. */
  status: number;
  usage: Usage;
  bill: Bill;
  latencyMs: number;
  /** To the first part of an answer that comes in parts. */
  ttftMs: number | null;
}

/** As it is kept. The names are null for what was deleted before the record was written. */
export interface NamedUsageRecord extends UsageRecord {
  userEmail: string | null;
  keyName: string | null;
}

/**
 * Answered, or given up or broken off when something had been consumed: what its user has to know of. Of lines of batches
 * only the first: nobody hears anything of the others but that they were not made, or failed.
 */
export function isBilled({ status, usage, unit }: Pick<UsageRecord, 'status' | 'usage' | 'unit'>): boolean {
  if (wasAnswered({ status })) return true;
  return !isLine(unit) && usage.promptTokens + usage.completionTokens > 0;
}

function isLine(unit: string | null): boolean {
  return unit?.startsWith(lineRequestPrefix) ?? false;
}

export function wasAnswered({ status }: Pick<UsageRecord, 'status'>): boolean {
  return status >= 200 && status < 300;
}

export interface UsageQuery {
  offset: number;
  limit: number;
  /** Calls that began then or later; null for the last 30 days. */
  from: number | null;
  /** Calls that began then or before; null for now. */
  to: number | null;
  /** Path of a declaration, e.g. `/v1/embeddings`. */
  endpoint: string | null;
}
