import { type Connection, Schema } from 'mongoose';
import type { BatchCounts, LineRange } from '../../core/batch.ts';
import type { BlobRef } from '../../core/blob.ts';
import type { JobRef } from '../../core/job.ts';
import { type Usage, usageOf } from '../../core/usage.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { createRound } from './rounds.ts';
import { tenancy } from './tenancy.ts';

/** Lines of a result, each with its line end: written out, or as a blob where they are long. */
export type StoredLines = { text: string } | { blob: BlobRef };

/** What became of one or more lines that were called together. */
export interface LineOutcome {
  jobId: string;
  shard: number;
  /** The first of the lines, counted from 1. There is one outcome for it, whoever was first. */
  line: number;
  completed: number;
  failed: number;
  output: StoredLines | null;
  errors: StoredLines | null;
  usage: Usage;
  /** Of the calls whose answer this is. */
  attempt: number;
}

interface ShardRecord extends LineRange, Omit<BatchCounts, 'total'> {
  ownerId: number;
  jobId: string;
  usage: Usage;
}

type OutcomeRecord = LineOutcome & { ownerId: number };

const options = { versionKey: false, strict: false, minimize: false, id: false } as const;

const shardSchema = new Schema<ShardRecord>({ ownerId: Number }, options);
shardSchema.plugin(tenancy);
shardSchema.index({ jobId: 1, shard: 1 }, { unique: true });

const outcomeSchema = new Schema<OutcomeRecord>({ ownerId: Number }, options);
outcomeSchema.plugin(tenancy);
outcomeSchema.index({ jobId: 1, line: 1 }, { unique: true });
outcomeSchema.index({ jobId: 1, shard: 1, line: 1 });

const nothing = { completed: 0, failed: 0, usage: usageOf({}) };

/** Where the lines of running batches are and what became of them. Both go when the batch has ended. */
export function createBatchRepository(connection: Connection) {
  const Shards = connection.model<ShardRecord>('batchShard', shardSchema, 'batch_shards');
  const Outcomes = connection.model<OutcomeRecord>('batchLine', outcomeSchema, 'batch_lines');
  const rounds = [createRound(Shards, 'jobId'), createRound(Outcomes, 'jobId')];

  return {
    /** Safe to repeat: the same input has the same shards. */
    async putShards(ownerId: number, jobId: string, ranges: readonly LineRange[]): Promise<void> {
      const writes = ranges.map((range) => ({
        updateOne: {
          filter: { ownerId, jobId, shard: range.shard },
          update: { $setOnInsert: { ...range, ...nothing } },
          upsert: true,
        },
      }));
      if (writes.length > 0) await Shards.bulkWrite(writes, { ordered: false });
    },

    async findShard(ownerId: number, jobId: string, shard: number): Promise<LineRange | null> {
      return Shards.findOne({ ownerId, jobId, shard }, { _id: 0 }).lean<LineRange>();
    },

    async countShards(ownerId: number, jobId: string): Promise<number> {
      return Shards.countDocuments({ ownerId, jobId });
    },

    /** Keeps what has no outcome yet, and leaves every other line as it is. */
    async put(ownerId: number, outcomes: readonly LineOutcome[]): Promise<void> {
      const records = outcomes.map((outcome) => ({ ...outcome, ownerId }));
      try {
        await Outcomes.collection.insertMany(records, {
          ordered: false,
          writeConcern: { w: 'majority', journal: true },
        });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /** First lines that have an outcome. */
    async linesDone(ownerId: number, jobId: string, shard: number): Promise<Set<number>> {
      const records = await Outcomes.find({ ownerId, jobId, shard }, { _id: 0, line: 1 }).lean<{ line: number }[]>();
      return new Set(records.map(({ line }) => line));
    },

    /** Adds up a shard, then the batch: of other shards, what was added up last. */
    async count(ownerId: number, jobId: string, shard: number): Promise<Summed> {
      const sums = await sumOf(Outcomes, { ownerId, jobId, shard });
      await Shards.updateOne({ ownerId, jobId, shard }, { $set: sums });
      return sumOf(Shards, { ownerId, jobId });
    },

    /** Adds up all outcomes of the batch. */
    async total(ownerId: number, jobId: string): Promise<Summed> {
      return sumOf(Outcomes, { ownerId, jobId });
    },

    /** Whether there is something for the file. */
    async has(ownerId: number, jobId: string, file: 'output' | 'errors'): Promise<boolean> {
      return (await Outcomes.exists({ ownerId, jobId, [file]: { $ne: null } })) !== null;
    },

    /** One file's lines, in the order of the input. */
    async *read(ownerId: number, jobId: string, file: 'output' | 'errors'): AsyncGenerator<StoredLines> {
      const rows = Outcomes.find({ ownerId, jobId, [file]: { $ne: null } }, { _id: 0, [file]: 1 })
        .sort({ line: 1 })
        .lean<Pick<LineOutcome, typeof file>[]>()
        .cursor({ batchSize: 50 });
      for await (const row of rows) {
        const lines = row[file];
        if (lines) yield lines;
      }
    },

    /** Jobs that there are rows of: another part of them with each call. */
    async jobsOfRows(): Promise<JobRef[]> {
      const pages = await Promise.all(rounds.map((next) => next()));
      return pages.flat().map(({ id, ownerId }) => ({ jobId: id, ownerId }));
    },

    async remove(ownerId: number, jobId: string): Promise<void> {
      await Outcomes.deleteMany({ ownerId, jobId });
      await Shards.deleteMany({ ownerId, jobId });
    },
  };
}

export type BatchRepository = ReturnType<typeof createBatchRepository>;

type Summed = Pick<ShardRecord, 'completed' | 'failed' | 'usage'>;

async function sumOf(
  model: { aggregate<T>(stages: never[]): PromiseLike<T[]> },
  match: { ownerId: number; jobId: string; shard?: number },
): Promise<Summed> {
  const counted = ['promptTokens', 'completionTokens', 'cachedTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;
  const sums = Object.fromEntries(counted.map((name) => [name, { $sum: `$usage.${name}` }]));
  const group = { _id: null, completed: { $sum: '$completed' }, failed: { $sum: '$failed' }, ...sums };
  const stages = [{ $match: match }, { $group: group }] as never[];
  const [sum] = await model.aggregate<Record<string, number>>(stages);
  return { completed: sum?.['completed'] ?? 0, failed: sum?.['failed'] ?? 0, usage: usageOf(sum ?? {}) };
}
