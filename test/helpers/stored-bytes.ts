import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import type { TestApp } from './app.ts';

/** How many blobs and pieces of blobs the store of an application holds. */
export async function openStoreCounts(app: TestApp) {
  const connection = await connectMongo(app.deps.config.mongodb);
  return {
    async counts(): Promise<{ blobs: number; pieces: number }> {
      const [blobs, pieces] = await Promise.all(
        ['blobs.files', 'blobs.chunks'].map((name) => connection.collection(name).countDocuments()),
      );
      return { blobs: blobs ?? 0, pieces: pieces ?? 0 };
    },
    close: () => connection.close(),
  };
}

export type StoreCounts = Awaited<ReturnType<typeof openStoreCounts>>;
