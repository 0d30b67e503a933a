import { type Connection, Schema } from 'mongoose';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';

interface RouterRecord extends Omit<ModelRouter, 'id' | 'aliases' | 'providers'> {
  _id: number;
  aliases: string[];
  /** The name and the aliases together: callers use them alike, so they share one unique index. */
  names: string[];
  providers: ModelProvider[];
  createdAt: number;
  updatedAt: number;
}

const provider = new Schema<ModelProvider>(
  { id: Number, vendor: String, modelName: String },
  { _id: false, id: false },
);
const schema = new Schema<RouterRecord>(
  {
    _id: Number,
    name: { type: String, required: true },
    aliases: [String],
    names: [String],
    type: { type: String, required: true },
    vectorSize: Number,
    maxContextLength: Number,
    providers: [provider],
    createdAt: { type: Number, required: true },
    updatedAt: { type: Number, required: true },
  },
  { versionKey: false },
);
schema.index({ names: 1 }, { unique: true });

/** How stale a cached router may be. Every call on a model looks one up. */
const cacheMs = 1_000;

export function createRouterRepository(connection: Connection, clock: { now(): number }) {
  const Routers = connection.model<RouterRecord>('router', schema, 'routers');
  const cache = new Map<string, { router: ModelRouter; until: number }>();
  return {
    async findByName(nameOrAlias: string): Promise<ModelRouter | null> {
      const cached = cache.get(nameOrAlias);
      if (cached && cached.until > clock.now()) return cached.router;
      cache.delete(nameOrAlias);
      const record = await Routers.findOne({ names: nameOrAlias }).lean();
      if (!record) return null;
      const router = toRouter(record);
      cache.set(nameOrAlias, { router, until: clock.now() + cacheMs });
      return router;
    },

    async list(): Promise<ModelRouter[]> {
      const records = await Routers.find().sort({ _id: 1 }).lean();
      return records.map(toRouter);
    },

    /** Stores the router unless there is one of that id. */
    async ensure(router: ModelRouter, now: number): Promise<void> {
      const { id, ...fields } = router;
      const names = [router.name, ...router.aliases];
      await Routers.updateOne(
        { _id: id },
        { $setOnInsert: { ...fields, names, createdAt: now, updatedAt: now } },
        { upsert: true },
      );
    },
  };
}

export type RouterRepository = ReturnType<typeof createRouterRepository>;

function toRouter(record: RouterRecord): ModelRouter {
  return {
    id: record._id,
    name: record.name,
    aliases: record.aliases,
    type: record.type,
    vectorSize: record.vectorSize,
    maxContextLength: record.maxContextLength,
    providers: record.providers,
  };
}
