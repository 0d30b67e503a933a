import type { Connection } from 'mongoose';

/** Creates the collections and indexes of every model defined on the connection. Idempotent, safe side by side. */
export async function prepareMongo(connection: Connection): Promise<void> {
  await Promise.all(
    connection.modelNames().map(async (name) => {
      const model = connection.model(name);
      await model.createCollection();
      await model.createIndexes();
    }),
  );
}
