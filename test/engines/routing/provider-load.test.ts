import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import { createProviderLoad, type ProviderLoad } from '../../../src/adapters/mongo/provider-load.ts';
import { useEngines } from '../../helpers/engines.ts';
import { silentLog } from '../../helpers/log.ts';
import { waitFor } from '../../helpers/wait-for.ts';

describe('load of providers over processes', () => {
  const engines = useEngines();
  const open: (() => Promise<void>)[] = [];
  let observer: Connection;

  /** One more process, as far as the database can tell. */
  async function startProcess(): Promise<{ load: ProviderLoad; connection: Connection }> {
    const connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    const load = createProviderLoad(connection, silentLog);
    await prepareMongo(connection);
    open.push(async () => {
      await load.close();
      await connection.close();
    });
    return { load, connection };
  }

  /** What holds now, not what the majority has heard of: the load is neither written nor read with its consent. */
  function published(): Promise<unknown[]> {
    const holds = { $expr: { $gt: ['$expiresAt', '$$NOW'] } };
    return observer.collection('provider_load').find(holds, { readConcern: 'local' }).toArray();
  }

  before(async () => {
    observer = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  after(async () => {
    await observer.dropDatabase();
    await observer.close();
  });

  it('is the sum of what every process has under way', async () => {
    const [a, b, c] = [await startProcess(), await startProcess(), await startProcess()];
    for (const { load } of [a, b, b, c]) load.begin(7);
    c.load.begin(8);
    await waitFor('every process to know of the others', () =>
      [a, b, c].every(({ load }) => load.totalOf(7) === 4 && load.totalOf(8) === 1),
    );
    assert.deepEqual([a.load.ownOf(7), b.load.ownOf(7), a.load.ownOf(8)], [1, 2, 0]);
  });

  it('falls again when calls end', async () => {
    const [a, b] = [await startProcess(), await startProcess()];
    a.load.begin(7);
    b.load.begin(7);
    await waitFor('both to know', () => a.load.totalOf(7) === 2);
    b.load.end(7);
    await waitFor('the end to be known', () => a.load.totalOf(7) === 1);
  });

  it('writes nothing while nothing is under way, and nothing for calls between two beats', async () => {
    const [{ load }, later] = [await startProcess(), await startProcess()];
    for (let call = 0; call < 100; call += 1) {
      load.begin(7);
      load.end(7);
    }
    // Whose beat begins later has its first after the other's.
    later.load.begin(8);
    await waitFor('a beat', async () => (await published()).length > 0);
    assert.equal(load.totalOf(7), 0);
    assert.equal((await published()).length, 1);
    later.load.end(8);
    await waitFor('nothing to be published', async () => (await published()).length === 0);
    load.begin(7);
    await waitFor('the call to be published', async () => (await published()).length === 1);
    load.end(7);
    await waitFor('its record to be withdrawn', async () => (await published()).length === 0);
  });

  it('is known to a process whose own calls are over between two beats', async () => {
    const [a, busy] = [await startProcess(), await startProcess()];
    busy.load.begin(7);
    a.load.begin(7);
    a.load.end(7);
    await waitFor('the other to be heard of', () => a.load.totalOf(7) === 1);
    busy.load.end(7);
    await waitFor('its end to be heard of', () => a.load.totalOf(7) === 0);
  });

  it('is forgotten by a process that asks for nothing any more', async () => {
    const [idle, busy] = [await startProcess(), await startProcess()];
    busy.load.begin(7);
    idle.load.begin(7);
    idle.load.end(7);
    await waitFor('the other to be heard of', () => idle.load.totalOf(7) === 1);
    await waitFor('the other to be forgotten', () => idle.load.totalOf(7) === 0);
    assert.equal(busy.load.totalOf(7), 1);
  });

  it('leaks nothing of a process that was killed', async () => {
    const [a, killed] = [await startProcess(), await startProcess()];
    a.load.begin(7);
    killed.load.begin(7);
    await waitFor('both to be counted', () => a.load.totalOf(7) === 2);
    // Nothing of it reaches the database any more, its farewell neither.
    await killed.connection.close();
    await waitFor('the killed one to be forgotten', () => a.load.totalOf(7) === 1);
  });

  it('is withdrawn at once by a process that ends in order', async () => {
    const [a, ended] = [await startProcess(), await startProcess()];
    a.load.begin(7);
    ended.load.begin(7);
    await waitFor('both to be counted', () => a.load.totalOf(7) === 2);
    await ended.load.close();
    // Not only at the end of its lease.
    assert.equal((await published()).length, 1);
    await waitFor('it to be counted no more', () => a.load.totalOf(7) === 1);
  });
});
