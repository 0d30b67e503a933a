import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import { createUsageRepository, type UsageRepository } from '../../../src/adapters/mongo/usage.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openIdentity, type TestIdentity } from '../../helpers/identity.ts';
import { buildRecord } from '../../helpers/usage.ts';

const always = { from: 0, to: Number.MAX_SAFE_INTEGER, endpoint: null, offset: 0, limit: 100 };
const dayMs = 24 * 3600 * 1000;

describe('usage records in MongoDB', () => {
  let identity: TestIdentity;
  let usage: UsageRepository;
  before(async () => {
    identity = await openIdentity(useEngines());
    usage = createUsageRepository(identity.connection, { retentionMs: 400 * dayMs });
    await prepareMongo(identity.connection);
  });
  after(() => identity.close());

  it('are read as they were written, with the names of user and key', async () => {
    const { id: ownerId, email } = await identity.buildUser();
    const { id: keyId } = await identity.buildKey(ownerId);
    const record = buildRecord({ ownerId, keyId });
    await usage.record([record]);
    const { records, total } = await usage.list(ownerId, always);
    assert.deepEqual([total, records], [1, [{ ...record, userEmail: email, keyName: 'test' }]]);
  });

  it('keep the name of a key that was revoked meanwhile', async () => {
    const { id: ownerId } = await identity.buildUser();
    const { id: keyId } = await identity.buildKey(ownerId);
    await identity.apiKeys.revoke(ownerId, keyId, Date.now());
    await usage.record([buildRecord({ ownerId, keyId })]);
    const { records } = await usage.list(ownerId, always);
    assert.equal(records[0]?.keyName, 'test');
  });

  it('are of nobody in particular where there is no such user or key', async () => {
    await usage.record([buildRecord({ ownerId: 0, keyId: null, provider: null })]);
    const { records } = await usage.list(0, always);
    assert.deepEqual([records[0]?.userEmail, records[0]?.keyName, records[0]?.provider], [null, null, null]);
  });

  it('are not doubled when a batch is written again, and those that were missing are added', async () => {
    const ownerId = 501;
    const records = [buildRecord({ ownerId }), buildRecord({ ownerId }), buildRecord({ ownerId })];
    await usage.record(records.slice(0, 2));
    await usage.record(records);
    await usage.record(records);
    const { total } = await usage.list(ownerId, always);
    assert.equal(total, 3);
  });

  it('of one unit are billed once, as the latest try, in whatever order they are written', async () => {
    for (const [index, order] of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ].entries()) {
      const ownerId = 510 + index;
      const unit = `job_${ownerId}:1`;
      const tries = [1, 2, 3].map((createdAt) => buildRecord({ ownerId, unit, createdAt }));
      for (const place of order) await usage.record(tries.slice(place, place + 1));
      const { records, total } = await usage.list(ownerId, always);
      assert.deepEqual([total, records[0]?.id], [1, tries[2]?.id]);
      assert.equal(await identity.connection.collection('usage').countDocuments({ ownerId }), 3, 'all are cost');
    }
  });

  it('of a unit that was answered are billed as that try, though a later one was given up', async () => {
    for (const [index, order] of [
      [0, 1],
      [1, 0],
    ].entries()) {
      const ownerId = 530 + index;
      const unit = `job_${ownerId}:1`;
      const tries = [200, 499].map((status, createdAt) => buildRecord({ ownerId, unit, createdAt, status }));
      for (const place of order) await usage.record(tries.slice(place, place + 1));
      const { records } = await usage.list(ownerId, always);
      assert.deepEqual(
        records.map(({ id }) => id),
        [tries[0]?.id],
      );
    }
  });

  it('of a unit whose latest try consumed nothing are billed as the try before it', async () => {
    const ownerId = 520;
    const unit = 'job_520:1';
    const answered = buildRecord({ ownerId, unit, createdAt: 1 });
    const refused = buildRecord({ ownerId, unit, createdAt: 2, status: 503, usage: usageOf({}) });
    await usage.record([answered, refused]);
    const { records } = await usage.list(ownerId, always);
    assert.deepEqual(
      records.map(({ id }) => id),
      [answered.id],
    );
  });

  it('are deleted by the store after their retention', async () => {
    const createdAt = Date.now() - dayMs;
    const record = buildRecord({ ownerId: 502, createdAt });
    await usage.record([record]);
    const stored = await identity.connection.collection('usage').findOne({ ownerId: 502 });
    assert.equal(stored?.['expiresAt'].getTime(), createdAt + 400 * dayMs);
    const indexes = await identity.connection.collection('usage').indexes();
    assert.ok(indexes.some(({ key, expireAfterSeconds }) => key['expiresAt'] === 1 && expireAfterSeconds === 0));
  });

  it('are counted and found by their index alone', async () => {
    await usage.record(Array.from({ length: 50 }, () => buildRecord({ ownerId: 503 })));
    const filter = { ownerId: 503, isBilled: true, createdAt: { $gte: 0 }, endpoint: '/v1/search' };
    const plan = await identity.connection.collection('usage').find(filter).explain('executionStats');
    assert.equal(plan['executionStats'].totalDocsExamined, 0);
  });
});
