/** I8 and I11: what must not be found anywhere once all is over: secrets, temporary files, processes without a parent. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { Violation } from './invariants/evidence.ts';
import type { World } from './world.ts';

/** Ids of running processes whose group was led by one of these, and which is gone. */
export function orphansOf(leaders: ReadonlySet<number>): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .filter((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        const [state, , group] = fields;
        return state !== 'Z' && leaders.has(Number(group)) && Number(group) !== pid;
      } catch {
        return false;
      }
    });
}

/** Where each secret was found though it is nowhere to be written: logs, Temporal's database, collections. */
export async function findSecrets(world: World, secrets: Readonly<Record<string, string>>): Promise<Violation[]> {
  const found: Violation[] = [];
  const look = (place: string, text: string | Buffer) => {
    for (const [name, secret] of Object.entries(secrets)) {
      if (text.includes(secret)) found.push({ invariant: 'I8', about: name, what: `is written in ${place}` });
    }
  };
  for (const folder of ['logs', 'temporal']) {
    for (const path of await filesIn(join(world.directory, folder))) look(path, await readFile(path));
  }
  const client = new mongoose.mongo.MongoClient(world.mongodbUrl);
  try {
    const database = client.db(world.database);
    for (const { collectionName } of await database.collections()) {
      for await (const row of database.collection(collectionName).find()) look(collectionName, JSON.stringify(row));
    }
  } finally {
    await client.close();
  }
  return found;
}

/** Files that processes of the run left in the folder for temporary ones. */
export async function temporaryFiles(world: World): Promise<string[]> {
  return filesIn(join(world.directory, 'tmp'));
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const kinds = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => kinds[index]);
}
