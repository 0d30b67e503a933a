import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import mongoose from 'mongoose';
import { acquire } from '../../../engines/acquire/acquire.ts';
import { startDaemon } from '../../../engines/launch/daemon.ts';
import { describeMongodb, ensureReplicaSet, mongodbUrl } from '../../../engines/launch/mongodb.ts';
import { openSession, type Session } from '../../../engines/launch/session.ts';
import { findFreePorts } from '../../../engines/ports.ts';
import { endGroup } from '../../../engines/processes.ts';
import { createProgress } from '../../../engines/progress.ts';
import { readSettings } from '../../../engines/settings.ts';
import { temporaryDirectories } from '../../helpers/temporary-directory.ts';

const newDirectory = temporaryDirectories('mongodb');

describe('MongoDB as it is started here', () => {
  let session: Session;
  let program: string;

  before(async () => {
    session = openSession();
    program = (await acquire('mongodb', readSettings(), createProgress())).path;
  });
  after(() => session.endAll(5_000));

  async function start(directory: string, port: number) {
    const logFile = join(directory, 'mongod.log');
    const mongod = await startDaemon(await describeMongodb({ program, port, directory, logFile }), session);
    await ensureReplicaSet(port);
    return mongod;
  }
  async function withDatabase<T>(port: number, use: (connection: mongoose.Connection) => Promise<T>): Promise<T> {
    const connection = await mongoose.createConnection(mongodbUrl(port), { dbName: 'test' }).asPromise();
    try {
      return await use(connection);
    } finally {
      await connection.close();
    }
  }

  it('has transactions, and keeps its data when it comes back on another port', async () => {
    const directory = newDirectory();
    const [first = 0, second = 0] = await findFreePorts(2);
    const mongod = await start(directory, first);
    await withDatabase(first, (connection) =>
      connection.transaction(async (session) => {
        await connection.collection('notes').insertOne({ text: 'kept' }, { session });
      }),
    );
    await endGroup(mongod, 10_000);
    await start(directory, second);
    await withDatabase(second, (connection) =>
      connection.transaction(async (session) => {
        const note = await connection.collection('notes').findOne({}, { session });
        assert.equal(note?.['text'], 'kept');
      }),
    );
  });
});
