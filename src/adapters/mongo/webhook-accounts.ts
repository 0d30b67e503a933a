import { type Connection, Schema } from 'mongoose';
import type { SealedSecret } from '../../core/webhook.ts';
import { tenancy } from './tenancy.ts';

interface AccountRecord {
  ownerId: number;
  /** The current one first. */
  secrets: SealedSecret[];
}

const schema = new Schema<AccountRecord>(
  { ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1 }, { unique: true });

/** The default secrets of accounts, which sign what goes to the URLs of jobs. They come in and go out sealed. */
export function createWebhookAccountRepository(connection: Connection) {
  const Accounts = connection.model<AccountRecord>('webhookAccount', schema, 'webhook_accounts');

  return {
    /** All of them, the current one first; `first` becomes the current one of an account that has none. */
    async secretsOf(ownerId: number, first: () => SealedSecret): Promise<SealedSecret[]> {
      const found = await Accounts.findOne({ ownerId }).lean<AccountRecord>();
      if (found) return found.secrets;
      const secrets = [first()];
      await Accounts.updateOne({ ownerId }, { $setOnInsert: { secrets } }, { upsert: true });
      const stored = await Accounts.findOne({ ownerId }).lean<AccountRecord>();
      return stored?.secrets ?? secrets;
    },

    /** False when somebody else has changed them since `known` were read. */
    async replaceSecrets(
      ownerId: number,
      known: readonly SealedSecret[],
      secrets: readonly SealedSecret[],
    ): Promise<boolean> {
      const replaced = await Accounts.updateOne(
        { ownerId, 'secrets.0.sealed': known[0]?.sealed },
        { $set: { secrets } },
      );
      return replaced.modifiedCount === 1;
    },
  };
}

export type WebhookAccountRepository = ReturnType<typeof createWebhookAccountRepository>;
