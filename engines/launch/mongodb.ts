/** One mongod as a replica set of one member: transactions and change streams need a replica set. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { DaemonSpec } from './daemon.ts';

export interface MongodbOptions {
  program: string;
  port: number;
  directory: string;
  logFile: string;
}

type MongoClient = InstanceType<typeof mongoose.mongo.MongoClient>;
type ReplicaSetConfig = { version: number; members: { host: string }[] };

const replicaSet = 'rs0';
const alreadyInitialized = 23;
const selectionTimeoutMs = 1_000;
const primaryTimeoutMs = 30_000;
const pollMs = 50;

export function mongodbUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
}

async function withClient<T>(port: number, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(mongodbUrl(port), { serverSelectionTimeoutMS: selectionTimeoutMs });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function answers(port: number): Promise<boolean> {
  await withClient(port, (client) => client.db('admin').command({ ping: 1 }));
  return true;
}

/** The member's address is part of the data: a data folder that moved to another port is told so. */
async function adoptPort(client: MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  const { config } = (await admin.command({ replSetGetConfig: 1 })) as unknown as { config: ReplicaSetConfig };
  if (config.members[0]?.host === host) return;
  const members = config.members.map((member) => ({ ...member, host }));
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
}

async function waitForPrimary(client: MongoClient): Promise<void> {
  const deadline = Date.now() + primaryTimeoutMs;
  for (;;) {
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['isWritablePrimary']) return;
    if (Date.now() >= deadline) throw new Error(`mongod did not become primary within ${primaryTimeoutMs / 1_000} s`);
    await delay(pollMs);
  }
}

/** Makes the running mongod the writable primary of its replica set, whatever state its data was left in. */
export async function ensureReplicaSet(port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  await withClient(port, async (client) => {
    const config = { _id: replicaSet, members: [{ _id: 0, host }] };
    try {
      await client.db('admin').command({ replSetInitiate: config });
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== alreadyInitialized) throw error;
      await adoptPort(client, host);
    }
    await waitForPrimary(client);
  });
}

export async function describeMongodb({ program, port, directory, logFile }: MongodbOptions): Promise<DaemonSpec> {
  const dataPath = join(directory, 'db');
  await mkdir(dataPath, { recursive: true });
  return {
    title: 'MongoDB',
    command: program,
    args: [
      ...['--replSet', replicaSet, '--bind_ip', '127.0.0.1', '--port', String(port)],
      ...['--dbpath', dataPath, '--wiredTigerCacheSizeGB', '0.25', '--nounixsocket'],
      // Figures for MongoDB's support, gathered every second.
      ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ],
    logFile,
    isReady: () => answers(port),
    readyTimeoutMs: 60_000,
    remedy: ({ signal }) =>
      signal === 'SIGILL'
        ? 'This CPU has no AVX, which MongoDB 5 and later need: run MongoDB elsewhere and set MONGODB_URL.'
        : undefined,
  };
}
