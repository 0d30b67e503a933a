import { type Connection, Schema } from 'mongoose';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';

interface RouterRecord extends Omit<ModelRouter, 'id' | 'aliases' | 'providers'> {
  _id: number;
  aliases: string[];
  /** The name and the aliases together: callers use them alike, so they share one unique index. */
  names: string[];
  providers: ModelProvider[];
}

const provider = new Schema<ModelProvider>(
  {
    id: Number,
    routerId: Number,
    ownerId: Number,
    vendor: String,
    url: String,
    sealedKey: String,
    modelName: String,
    timeoutMs: Number,
    hostingZone: String,
    totalParams: Number,
    activeParams: Number,
    qosMetric: String,
    qosLimit: Number,
    vectorSize: Number,
    maxContextLength: Number,
    createdAt: Number,
    updatedAt: Number,
  },
  { _id: false, id: false },
);
const schema = new Schema<RouterRecord>(
  {
    _id: Number,
    ownerId: Number,
    managedBy: String,
    name: { type: String, required: true },
    aliases: [String],
    names: [String],
    type: { type: String, required: true },
    strategy: { type: String, required: true },
    promptPriceMicros: { type: Number, required: true },
    completionPriceMicros: { type: Number, required: true },
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
    async ensure(router: ModelRouter): Promise<void> {
      const { id, ...fields } = router;
      const names = [router.name, ...router.aliases];
      await Routers.updateOne({ _id: id }, { $setOnInsert: { ...fields, names } }, { upsert: true });
    },
  };
}

export type RouterRepository = ReturnType<typeof createRouterRepository>;

function toRouter({ _id, names: _names, ...fields }: RouterRecord): ModelRouter {
  return { id: _id, ...fields };
}
