import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { seedMongo } from '../../../src/adapters/mongo/seed.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openIdentity, type TestIdentity } from '../../helpers/identity.ts';

describe('what every installation starts with', () => {
  const engines = useEngines();
  const opened: TestIdentity[] = [];
  after(async () => {
    const [first, ...others] = opened;
    await Promise.all(others.map((other) => other.connection.close()));
    await first?.close();
  });

  it('is there once, however many processes start together', async () => {
    opened.push(...(await Promise.all([1, 2, 3].map(() => openIdentity(engines)))));
    const [identity] = opened;
    assert.ok(identity);
    const count = (name: string) => identity.connection.collection(name).countDocuments();
    assert.deepEqual([await count('roles'), await count('routers')], [2, 1]);
    const [user, admin] = [await identity.roles.find(1), await identity.roles.find(2)];
    assert.deepEqual([user?.name, user?.permissions], ['user', []]);
    assert.deepEqual([admin?.name, admin?.permissions.length], ['admin', 4]);
  });

  it('leaves alone what an administrator has changed', async () => {
    const [identity] = opened;
    assert.ok(identity);
    await identity.connection.collection<{ _id: number }>('roles').updateOne({ _id: 1 }, { $set: { name: 'guest' } });
    await seedMongo(identity, identity.clock.now());
    assert.equal((await identity.roles.find(1))?.name, 'guest');
  });

  it('keeps its ids out of those given out later', async () => {
    const [identity] = opened;
    assert.ok(identity);
    assert.equal(await identity.counters.next('role'), 3);
    assert.equal(await identity.counters.next('router'), 2);
    await seedMongo(identity, identity.clock.now());
    assert.equal(await identity.counters.next('role'), 4);
  });

  it('answers the local model by its name and its alias', async () => {
    const [identity] = opened;
    const router = await identity?.routers.findByName('all-minilm-l6-v2');
    assert.equal(router?.vectorSize, 384);
    assert.deepEqual(await identity?.routers.findByName('sentence-transformers/all-MiniLM-L6-v2'), router);
    assert.equal(await identity?.routers.findByName('all-MiniLM-L6-v2'), null);
  });
});
