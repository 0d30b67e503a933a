import { type Connection, Schema } from 'mongoose';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';

export interface RouterRecord extends Omit<ModelRouter, 'id' | 'aliases' | 'providers'> {
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
    namedBy: String,
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
schema.index({ 'providers.id': 1 });

/** The same model whoever asks first. */
export function routerModel(connection: Connection) {
  return connection.model<RouterRecord>('router', schema, 'routers');
}

export function toRouter({ _id, names: _names, providers, ...fields }: RouterRecord): ModelRouter {
  return { id: _id, ...fields, providers: providers.map(toProvider) };
}

/** Whose word its address was is not known of a provider from before that was written down. */
function toProvider(stored: ModelProvider): ModelProvider {
  return { ...stored, namedBy: stored.namedBy ?? 'caller' };
}

export function toRecord({ id, ...fields }: ModelRouter): RouterRecord {
  return {
    _id: id,
    ...fields,
    aliases: [...fields.aliases],
    names: [fields.name, ...fields.aliases],
    providers: [...fields.providers],
  };
}
