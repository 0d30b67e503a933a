import type { ClientSession, Connection } from 'mongoose';
import { GatewayError } from '../../core/errors.ts';
import type { ModelRouter } from '../../core/models.ts';
import { createRecent } from '../../core/recent.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { roleModel } from './roles.ts';
import { routerModel, toRecord, toRouter } from './router-record.ts';

/** How old a router may be that a call finds. Every call on a model looks one up. */
const maxAgeMs = 1_000;
const maxEntries = 10_000;

export function createRouterRepository(connection: Connection, clock: { now(): number }) {
  const Routers = routerModel(connection);
  const Roles = roleModel(connection);
  const recent = createRecent<ModelRouter>({ maxAgeMs, maxEntries, now: clock.now });

  /** All of `work` or none of it. What was changed in this process is seen by it at once. */
  async function change<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    try {
      return await connection.transaction(work);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw new GatewayError('conflict', 'Name conflict with existing router or alias.', { cause: error });
    } finally {
      recent.clear();
    }
  }

  return {
    findByName(nameOrAlias: string): Promise<ModelRouter | null> {
      return recent.get(nameOrAlias, async () => {
        const record = await Routers.findOne({ names: nameOrAlias }).lean();
        return record && toRouter(record);
      });
    },

    async find(id: number): Promise<ModelRouter | null> {
      const record = await Routers.findById(id).lean();
      return record && toRouter(record);
    },

    async findByProvider(providerId: number): Promise<ModelRouter | null> {
      const record = await Routers.findOne({ 'providers.id': providerId }).lean();
      return record && toRouter(record);
    },

    /** Which of these are names or aliases already. */
    async takenOf(names: readonly string[]): Promise<string[]> {
      const taken = await Routers.distinct('names', { names: { $in: names } });
      return names.filter((name) => taken.includes(name));
    },

    async list(): Promise<ModelRouter[]> {
      const records = await Routers.find().sort({ _id: 1 }).lean();
      return records.map(toRouter);
    },

    /** Stores the router unless there is one of that id. */
    async ensure(router: ModelRouter): Promise<void> {
      const { _id, ...fields } = toRecord(router);
      await Routers.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
    },

    /** Stores a new router, which these roles may use without limit. Throws `conflict` when a name is taken. */
    async create(router: ModelRouter, roleIds: readonly number[]): Promise<void> {
      await change(async (session) => {
        await Routers.create([toRecord(router)], { session });
        const row = { router: router.id, type: 'rpm' as const, value: null };
        await Roles.updateMany({ _id: { $in: roleIds } }, { $push: { limits: row } }, { session });
      });
    },

    /**
     * Puts what `edit` makes of these routers in their place; it may run again, and throws to leave all as it was.
     * Null when one of them is not there. Throws `conflict` when a name is taken.
     */
    async edit<Ids extends readonly number[]>(
      ids: Ids,
      edit: (...routers: { [I in keyof Ids]: ModelRouter }) => readonly ModelRouter[],
    ): Promise<readonly ModelRouter[] | null> {
      return change(async (session) => {
        const records = await Routers.find({ _id: { $in: ids } }, null, { session }).lean();
        if (records.length < ids.length) return null;
        records.sort((a, b) => ids.indexOf(a._id) - ids.indexOf(b._id));
        const edited = edit(...(records.map(toRouter) as { [I in keyof Ids]: ModelRouter }));
        for (const router of edited) await Routers.replaceOne({ _id: router.id }, toRecord(router), { session });
        return edited;
      });
    },

    /** Removes the router, and what roles say about it. Null when it is not there. */
    async remove(id: number): Promise<ModelRouter | null> {
      return change(async (session) => {
        const record = await Routers.findByIdAndDelete(id, { session }).lean();
        await Roles.updateMany({ 'limits.router': id }, { $pull: { limits: { router: id } } }, { session });
        return record && toRouter(record);
      });
    },
  };
}

export type RouterRepository = ReturnType<typeof createRouterRepository>;
