import mongoose, { type Connection } from 'mongoose';

export interface MongoSettings {
  url: string;
  database: string;
}

/**
 * Opens the pool. Acknowledged writes are on the journal of a majority; operations fail fast when nobody answers, unless
 * the URL names another `serverSelectionTimeoutMS`.
 */
export async function connectMongo(settings: MongoSettings): Promise<Connection> {
  const connection = mongoose.createConnection(settings.url, {
    dbName: settings.database,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    ...(!settings.url.includes('serverSelectionTimeoutMS=') && { serverSelectionTimeoutMS: 5_000 }),
    socketTimeoutMS: 60_000,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
  });
  connection.set('sanitizeFilter', false);
  try {
    return await connection.asPromise();
  } catch (error) {
    // It would go on looking for its servers for ever.
    await connection.close();
    throw error;
  }
}
