import mongoose, { type Connection } from 'mongoose';

export interface MongoSettings {
  url: string;
  database: string;
}

/** Opens the pool. Acknowledged writes are on the journal of a majority; operations fail fast when nobody answers. */
export async function connectMongo(settings: MongoSettings): Promise<Connection> {
  const connection = mongoose.createConnection(settings.url, {
    dbName: settings.database,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 60_000,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
  });
  connection.set('sanitizeFilter', false);
  await connection.asPromise();
  return connection;
}
