/**
 * Builds every adapter from the configuration; used by both processes and by tests. Nothing here knows what the
 * adapters are used for.
 */

import { createLogger } from './adapters/log/logger.ts';
import { connectMongo } from './adapters/mongo/connection.ts';
import { createCounters } from './adapters/mongo/counters.ts';
import { prepareMongo } from './adapters/mongo/prepare.ts';
import type { Config } from './config.ts';

export async function createDeps(config: Config, name: string) {
  const log = createLogger({ level: config.logLevel, name });
  const connection = await connectMongo(config.mongodb);
  const counters = createCounters(connection);
  await prepareMongo(connection);
  return {
    config,
    log,
    counters,
    clock: { now: () => Date.now() },
    async close(): Promise<void> {
      await connection.close();
    },
  };
}

export type Deps = Awaited<ReturnType<typeof createDeps>>;
