import type { UsageRecord } from '../../core/billing/usage-record.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { GatewayError } from '../../core/errors.ts';
import { readBatches } from './read-lines.ts';
import { createSpool } from './spool.ts';

export interface LedgerSettings {
  /** Of this machine, kept over restarts. Processes share it. */
  folder: string;
  /** Of records that could not be written yet. Beyond it no call begins. */
  maxBytes: number;
  /** How long a record waits for others. */
  writeIntervalMs: number;
}

/** Writes records where they stay, for good when it resolves. One that is there already is no error. */
export type Sink = (records: readonly UsageRecord[]) => Promise<void>;

const batchSize = 1_000;
const longestPauseMs = 10_000;
const adoptIntervalMs = 30_000;

/**
 * One record per call, that cannot get lost between the call and the store: it is on the local disk when `append`
 * returns, in some microseconds and without waiting for anybody, and from there goes to `sink` in batches, again and
 * again until that has it.
 */
export function createLedger(settings: LedgerSettings, sink: Sink, log: Logger) {
  const spool = createSpool(settings.folder);
  /** What the disk did not take; no call begins while there is any. */
  const unwritten: UsageRecord[] = [];
  /** Those of the file that is being written, which is then not read again; null when they are more than a batch. */
  let fresh: UsageRecord[] | null = [];
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<boolean> | null = null;
  let failures = 0;
  let isFull = false;

  const adopting = setInterval(takeOverAndLive, adoptIntervalMs).unref();

  function takeOverAndLive(): void {
    try {
      spool.touch();
      const adopted = spool.adopt();
      if (adopted === 0) return;
      log.info({ files: adopted }, 'took over usage records of a process that is gone');
      schedule(0);
    } catch (error) {
      log.error({ err: error }, 'cannot look for usage records of processes that are gone');
    }
  }

  function schedule(afterMs: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      void drain();
    }, afterMs).unref();
  }

  /** False when records are left. Never throws: what is left is tried again. */
  function drain(): Promise<boolean> {
    draining ??= writeAll()
      .then(
        () => {
          if (failures > 0) log.info({}, 'usage records are written again');
          failures = 0;
          // What came meanwhile is in a new file.
          if (spool.totalBytes() > 0) schedule(settings.writeIntervalMs);
          return true;
        },
        (error: unknown) => {
          if (failures === 0) log.warn({ err: error }, 'usage records cannot be written and wait on the local disk');
          failures += 1;
          schedule(Math.min(settings.writeIntervalMs * 2 ** failures, longestPauseMs));
          return false;
        },
      )
      .finally(() => {
        draining = null;
      });
    return draining;
  }

  async function writeAll(): Promise<void> {
    while (unwritten.length > 0) {
      const batch = unwritten.slice(0, batchSize);
      await sink(batch);
      unwritten.splice(0, batch.length);
    }
    const ended = spool.sealedFiles().length === 0 ? seal() : null;
    for (const path of spool.sealedFiles()) {
      crashPoint('usage.sealed.before_write');
      const held = path === ended?.path ? ended.records : null;
      if (held === null) await writeFile(path);
      else if (held.length > 0) await sink(held);
      crashPoint('usage.written.before_remove');
      spool.remove(path);
    }
  }

  /** Ends the file that is being written. Its records are null where they are not held. */
  function seal(): { path: string | null; records: readonly UsageRecord[] | null } {
    const ended = { path: spool.seal(), records: fresh };
    fresh = [];
    return ended;
  }

  async function writeFile(path: string): Promise<void> {
    const onTorn = (line: string) => log.error({ path, line }, 'a usage record was torn and is passed over');
    for await (const batch of readBatches<UsageRecord>(path, batchSize, onTorn)) await sink(batch);
  }

  function hold(record: UsageRecord): void {
    if (fresh === null || fresh.length === batchSize) fresh = null;
    else fresh.push(record);
  }

  function isAccepting(): boolean {
    return unwritten.length === 0 && spool.totalBytes() < settings.maxBytes;
  }

  takeOverAndLive();

  return {
    /** Never throws: a call that has been made is recorded, on the disk or, while that fails, in memory. */
    append(record: UsageRecord): void {
      try {
        spool.append(JSON.stringify(record));
        hold(record);
      } catch (error) {
        log.error({ err: error, record: record.id }, 'the local disk does not take usage records');
        unwritten.push(record);
      }
      schedule(settings.writeIntervalMs);
    },

    /** Throws `unavailable` when another call could not be recorded. */
    assertAccepting(): void {
      if (isAccepting()) {
        isFull = false;
        return;
      }
      if (!isFull) log.error({ bytes: spool.totalBytes() }, 'calls are refused: there is no room for their records');
      isFull = true;
      throw new GatewayError('unavailable', 'The gateway cannot record usage at the moment. Try again later.');
    },

    /** Resolves when everything appended before is with the sink; rejects when that fails. */
    async flush(): Promise<void> {
      await draining;
      // The first round may end with a file that was being read, the second has the one that was written meanwhile.
      const isDone = (await drain()) && (await drain());
      if (!isDone) throw new Error('usage records could not be written');
    },

    /** Writes what is there; what cannot be written is left for the next process. */
    async close(): Promise<void> {
      clearInterval(adopting);
      await this.flush().catch(() => log.warn({}, 'usage records are left for the next process'));
      if (timer !== null) clearTimeout(timer);
      spool.seal();
    },
  };
}

export type Ledger = ReturnType<typeof createLedger>;
