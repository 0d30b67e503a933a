import type { Query, Schema } from 'mongoose';

/** Names why a query looks at more than one owner's things. Set with `.setOptions(acrossOwners('…'))`. */
export function acrossOwners(reason: string): { acrossOwners: string } {
  return { acrossOwners: reason };
}

const guarded = [
  'countDocuments',
  'deleteMany',
  'deleteOne',
  'distinct',
  'find',
  'findOne',
  'findOneAndDelete',
  'findOneAndReplace',
  'findOneAndUpdate',
  'replaceOne',
  'updateMany',
  'updateOne',
] as const;

/**
 * Mongoose plugin for everything that belongs to a user: a query without `ownerId` throws, unless it says in so many
 * words why it crosses owners. A forgotten filter is thus a failing test and never another tenant's data.
 */
export function tenancy(schema: Schema): void {
  if (!schema.path('ownerId')) schema.add({ ownerId: { type: Number, required: true, immutable: true } });
  schema.pre([...guarded], function (this: Query<unknown, unknown>) {
    const options = this.getOptions() as { acrossOwners?: string };
    if (!options.acrossOwners && !namesOwner(this.getFilter())) {
      throw new Error(`query on ${this.model.modelName} names no ownerId`);
    }
  });
  schema.pre('aggregate', function () {
    const [first] = this.pipeline();
    const options = this.options as { acrossOwners?: string };
    const match = first && '$match' in first ? first.$match : {};
    if (!options.acrossOwners && !namesOwner(match))
      throw new Error(`aggregate on ${this.model().modelName} does not start with a $match on ownerId`);
  });
}

/** One owner, as a number: `null` would match what has none, and an operator such as `$gt` what others have. */
function namesOwner(filter: Record<string, unknown>): boolean {
  return typeof filter['ownerId'] === 'number';
}
