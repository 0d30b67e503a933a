import { type Connection, Schema } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';

interface AttemptRecord {
  /** The address that was tried, known or not. */
  _id: string;
  /** Since the last success. */
  failures: number;
  /** Milliseconds since the epoch. */
  blockedUntil: number;
  lastAt: Date;
}

const freeFailures = 4;
const firstDelayMs = 1_000;
const maxDelayMs = 900_000;
const forgottenAfterSeconds = 24 * 3600;

const schema = new Schema<AttemptRecord>(
  { _id: String, failures: Number, blockedUntil: Number, lastAt: Date },
  { versionKey: false },
);
schema.index({ lastAt: 1 }, { expireAfterSeconds: forgottenAfterSeconds });

/** From the fifth failure on, an address waits: 1 s, then twice as long each time, up to 15 minutes. */
const delayMs = {
  $cond: [
    { $lte: ['$failures', freeFailures] },
    0,
    {
      $min: [maxDelayMs, { $multiply: [firstDelayMs, { $pow: [2, { $subtract: ['$failures', freeFailures + 1] }] }] }],
    },
  ],
};

/** Slows down guessing of passwords: about 20 an hour for one address, over all processes. */
export function createSignInAttempts(connection: Connection) {
  const Attempts = connection.model<AttemptRecord>('signInAttempt', schema, 'sign_in_attempts');
  const attempts = {
    /**
     * Counts the attempt as failed before its password is looked at, so that many at once do not slip through.
     * Answers how long to wait before it may be made; 0 for at once.
     */
    async begin(email: string, now: number): Promise<number> {
      try {
        await Attempts.updateOne(
          { _id: email, blockedUntil: { $lte: now } },
          [
            { $set: { failures: { $add: [{ $ifNull: ['$failures', 0] }, 1] }, lastAt: new Date(now) } },
            { $set: { blockedUntil: { $add: [now, delayMs] } } },
          ],
          { upsert: true, updatePipeline: true },
        );
        return 0;
      } catch (error) {
        // There is a record that the filter did not match: a blocked one, or one that came up at the same moment.
        if (!isDuplicateKey(error)) throw error;
        const record = await Attempts.findById(email).lean();
        const waitMs = (record?.blockedUntil ?? now) - now;
        return waitMs > 0 ? waitMs : attempts.begin(email, now);
      }
    },

    async succeed(email: string): Promise<void> {
      await Attempts.deleteOne({ _id: email });
    },
  };
  return attempts;
}

export type SignInAttempts = ReturnType<typeof createSignInAttempts>;
