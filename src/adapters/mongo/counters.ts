import { type Connection, Schema } from 'mongoose';

const schema = new Schema<{ _id: string; value: number }>({ _id: String, value: Number }, { versionKey: false });

/** Hands out the integer ids that the specification asks for: 1, 2, 3… per name, never twice. */
export function createCounters(connection: Connection) {
  const Counter = connection.model('counter', schema, 'counters');
  return {
    async next(name: string): Promise<number> {
      const counter = await Counter.findOneAndUpdate(
        { _id: name },
        { $inc: { value: 1 } },
        { upsert: true, returnDocument: 'after' },
      ).lean();
      return counter.value;
    },

    /** Ids up to `value` are taken by what every installation starts with. */
    async startAfter(name: string, value: number): Promise<void> {
      await Counter.updateOne({ _id: name }, { $max: { value } }, { upsert: true });
    },
  };
}

export type Counters = ReturnType<typeof createCounters>;
