import { type Connection, Schema } from 'mongoose';
import type { Logger } from '../../core/call.ts';

interface LoadRecord {
  /** One process. */
  _id: string;
  /** Calls under way by provider id. */
  counts: Record<string, number>;
  expiresAt: Date;
}

const publishIntervalMs = 250;
/** What a process said last is believed that long: a killed one leaks nothing for longer. */
const leaseMs = 2_000;
/** Calls that are over between two beats leave a process listening, or a limit would hold for none of them. */
const lingerMs = 5_000;

const schema = new Schema<LoadRecord>(
  { _id: String, counts: { type: Object }, expiresAt: Date },
  { versionKey: false, minimize: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 60 });

/**
 * How many calls are under way at each provider, over all processes. Counted here, and told to the others every 250 ms
 * while there is something to tell; nothing waits for the store. A process hears of the others from its first call until
 * some seconds after its last one. While the store is away, it sees its own calls.
 */
export function createProviderLoad(connection: Connection, log: Logger) {
  const Loads = connection.model<LoadRecord>('providerLoad', schema, 'provider_load');
  const process = crypto.randomUUID();
  const own = new Map<number, number>();
  let others = new Map<number, number>();
  let timer: NodeJS.Timeout | null = null;
  let exchanging: Promise<void> = Promise.resolve();
  let isPublished = false;
  let lastUsedAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  // What is lost here is told again in a moment, so nobody waits for the majority. The clock is the store's.
  const writes = { writeConcern: { w: 1, journal: false } } as const;

  const isInUse = () => own.size > 0 || performance.now() - lastUsedAt < lingerMs;

  async function publish(): Promise<void> {
    if (own.size === 0) {
      if (isPublished) await Loads.deleteOne({ _id: process }, writes);
      isPublished = false;
      return;
    }
    isPublished = true;
    const counts = { $literal: Object.fromEntries(own) };
    const expiresAt = { $add: ['$$NOW', leaseMs] };
    await Loads.updateOne({ _id: process }, [{ $set: { counts, expiresAt } }], {
      ...writes,
      upsert: true,
      updatePipeline: true,
    });
  }

  async function read(): Promise<Map<number, number>> {
    const filter = { _id: { $ne: process }, $expr: { $gt: ['$expiresAt', '$$NOW'] } };
    const records = await Loads.find(filter).readConcern('local').lean();
    const sums = new Map<number, number>();
    for (const { counts } of records) {
      for (const [id, count] of Object.entries(counts)) sums.set(Number(id), (sums.get(Number(id)) ?? 0) + count);
    }
    return sums;
  }

  async function exchange(): Promise<void> {
    try {
      await publish();
      others = isInUse() ? await read() : new Map();
    } catch (error) {
      others = new Map();
      log.warn({ err: error }, 'could not exchange the load of providers with other processes');
    }
  }

  function schedule(): void {
    if (timer || closed) return;
    timer = setTimeout(() => {
      exchanging = exchange().finally(() => {
        timer = null;
        // Once more after that, to forget the others.
        if (isPublished || isInUse() || others.size > 0) schedule();
      });
    }, publishIntervalMs);
    timer.unref();
  }

  function count(providerId: number, change: 1 | -1): void {
    const next = (own.get(providerId) ?? 0) + change;
    if (next > 0) own.set(providerId, next);
    else own.delete(providerId);
    lastUsedAt = performance.now();
  }

  return {
    /** Calls that this process has under way there. */
    ownOf(providerId: number): number {
      return own.get(providerId) ?? 0;
    },

    /** Calls under way there in all processes; those of others as of the last exchange. */
    totalOf(providerId: number): number {
      return (own.get(providerId) ?? 0) + (others.get(providerId) ?? 0);
    },

    /** One call more. Balance it with `end`. */
    begin(providerId: number): void {
      count(providerId, 1);
      schedule();
    },

    end(providerId: number): void {
      count(providerId, -1);
    },

    async close(): Promise<void> {
      closed = true;
      if (timer) clearTimeout(timer);
      await exchanging;
      own.clear();
      await publish().catch((error: unknown) => log.warn({ err: error }, 'could not withdraw the load of providers'));
    },
  };
}

export type ProviderLoad = ReturnType<typeof createProviderLoad>;
