import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Principal } from '../../../src/core/access.ts';
import { formatApiKey } from '../../../src/core/api-key.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { buildCall, buildUserCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { masterKey, openIdentity, type TestIdentity } from '../../helpers/identity.ts';

const day = 86_400_000;
const firstPage = { offset: 0, limit: 100, orderBy: 'id', direction: 'asc' } as const;

function hasCode(code: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

describe('API keys', () => {
  let identity: TestIdentity;
  before(async () => {
    identity = await openIdentity(useEngines());
  });
  after(() => identity.close());

  const authenticate = (secret: string): Promise<Principal> => identity.verbs.authenticate({ secret }, buildCall());
  const refused = (secret: string) => assert.rejects(authenticate(secret), hasCode('invalid_api_key'));

  it('stand for their user, with the permissions and limits of the role', async () => {
    const { id: userId } = await identity.buildUser({ roleId: 2 });
    const { id: keyId, secret } = await identity.buildKey(userId);
    assert.deepEqual(await authenticate(secret), {
      kind: 'user',
      userId,
      keyId,
      permissions: ['admin', 'create_public_collection', 'read_metric', 'provide_models'],
      limits: [{ router: 1, type: 'rpm', value: null }],
      expired: false,
    });
  });

  it('stop working the moment they are revoked, and can no longer be seen', async () => {
    const { id: userId } = await identity.buildUser();
    const call = buildUserCall({ userId });
    const { id, secret } = await identity.buildKey(userId);
    await authenticate(secret);
    await identity.verbs.revokeKey({ id }, call);
    await refused(secret);
    await assert.rejects(identity.verbs.getKey({ id }, call), hasCode('not_found'));
    await assert.rejects(identity.verbs.revokeKey({ id }, call), hasCode('not_found'));
    assert.deepEqual(await identity.verbs.listKeys(firstPage, call), { keys: [], total: 0 });
  });

  it('stop working at their expiry, not before', async () => {
    const { id: userId } = await identity.buildUser();
    const start = identity.clock.time;
    const { secret } = await identity.buildKey(userId, start + day);
    identity.clock.time = start + day - 1;
    await authenticate(secret);
    identity.clock.time = start + day;
    await refused(secret);
    assert.equal((await identity.verbs.listKeys(firstPage, buildUserCall({ userId }))).total, 0);
    identity.clock.time = start;
  });

  it('of an expired user are recognised as such', async () => {
    const start = identity.clock.time;
    const { id: userId } = await identity.buildUser({ expiresAt: start + day });
    const { secret } = await identity.buildKey(userId);
    assert.equal((await authenticate(secret)).expired, false);
    identity.clock.time = start + day;
    assert.equal((await authenticate(secret)).expired, true);
    assert.equal((await identity.principals.ofUser(userId)).expired, true);
    identity.clock.time = start;
  });

  it('that nobody was given are refused, well formed or not', async () => {
    await refused(formatApiKey('live', crypto.getRandomValues(new Uint8Array(48))));
    for (const secret of ['', 'sk-abc', masterKey.slice(0, -1), `${masterKey} `, '{"$gt":""}']) await refused(secret);
  });

  it('are nowhere in the database, only their hashes are', async () => {
    const { id: userId } = await identity.buildUser();
    const { secret } = await identity.buildKey(userId);
    const stored = await identity.connection.collection('api_keys').find().toArray();
    assert.ok(stored.length > 0);
    assert.ok(!JSON.stringify(stored).includes(secret.slice(-30)));
  });

  it('are of no use to another user', async () => {
    const { id: userId } = await identity.buildUser();
    const { id, secret } = await identity.buildKey(userId);
    const other = buildUserCall({ userId: (await identity.buildUser()).id });
    await assert.rejects(identity.verbs.getKey({ id }, other), hasCode('not_found'));
    await assert.rejects(identity.verbs.revokeKey({ id }, other), hasCode('not_found'));
    await authenticate(secret);
  });

  it('are listed page by page in the order asked for', async () => {
    const { id: userId } = await identity.buildUser();
    const call = buildUserCall({ userId });
    for (const name of ['b', 'a', 'c']) await identity.verbs.createKey({ name, expiresAt: null, userId: null }, call);
    const page = { offset: 1, limit: 1, orderBy: 'name', direction: 'desc' } as const;
    const { keys, total } = await identity.verbs.listKeys(page, call);
    assert.equal(total, 3);
    assert.deepEqual(
      keys.map((key) => key.name),
      ['b'],
    );
    assert.match(keys[0]?.masked ?? '', /^sk_live_\w{12}…\w{4}$/);
  });

  it('for others take an administrator, and a user that exists', async () => {
    const { id: userId } = await identity.buildUser();
    const order = { name: 'k', expiresAt: null, userId };
    await assert.rejects(identity.verbs.createKey(order, buildUserCall({ userId })), hasCode('permission_denied'));
    await assert.rejects(
      identity.verbs.createKey({ ...order, userId: 999_999 }, identity.asMaster),
      hasCode('not_found'),
    );
  });

  it('are not made for the master key, which owns nothing', async () => {
    const order = { name: 'k', expiresAt: null, userId: null };
    await assert.rejects(identity.verbs.createKey(order, identity.asMaster), hasCode('unsupported_operation'));
  });

  it('give way to the master key', async () => {
    const principal = await authenticate(masterKey);
    assert.equal(principal.kind, 'master');
    assert.equal(principal.userId, 0);
  });

  it('made without the pepper are worth nothing with it', async () => {
    const { id: userId } = await identity.buildUser();
    const { secret } = await identity.buildKey(userId);
    const engines = { ...useEngines(), database: identity.connection.name };
    const peppered = await openIdentity(engines, 'a pepper of the tests');
    try {
      await assert.rejects(peppered.verbs.authenticate({ secret }, buildCall()), hasCode('invalid_api_key'));
      const own = await peppered.buildKey(userId);
      assert.equal((await peppered.verbs.authenticate({ secret: own.secret }, buildCall())).userId, userId);
    } finally {
      await peppered.connection.close();
    }
  });
});
