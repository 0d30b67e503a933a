import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import type { UserQuery } from '../../../src/core/identity.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openIdentity, password, type TestIdentity } from '../../helpers/identity.ts';

const everybody: UserQuery = {
  offset: 0,
  limit: 100,
  orderBy: 'id',
  direction: 'asc',
  roleId: null,
  organizationId: null,
  email: null,
};

function says(code: string, message: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code && error.publicMessage === message;
}

describe('users', () => {
  let identity: TestIdentity;
  before(async () => {
    identity = await openIdentity(useEngines());
  });
  after(() => identity.close());

  it('are made and found again, without the password', async () => {
    const { id, email } = await identity.buildUser({ name: 'Ada', budget: 2.5, priority: 3 });
    const { users } = await identity.verbs.listUsers({ ...everybody, email }, identity.asMaster);
    const now = identity.clock.time;
    assert.deepEqual(users, [
      {
        id,
        email,
        name: 'Ada',
        roleId: 1,
        organizationId: null,
        budget: 2.5,
        expiresAt: null,
        priority: 3,
        createdAt: now,
        updatedAt: now,
      },
    ]);
    const stored = await identity.connection.collection('users').find().toArray();
    assert.ok(!JSON.stringify(stored).includes(password));
  });

  it('have an address that nobody else has, also when two are made at once', async () => {
    const twins = await Promise.allSettled([
      identity.buildUser({ email: 'twin@example.org' }),
      identity.buildUser({ email: 'twin@example.org' }),
    ]);
    assert.deepEqual(twins.map((twin) => twin.status).sort(), ['fulfilled', 'rejected']);
    await assert.rejects(identity.buildUser({ email: 'twin@example.org' }), says('conflict', 'User already exists.'));
  });

  it('are refused under the address of the master key and with a role or organization that is not there', async () => {
    await assert.rejects(identity.buildUser({ email: 'master' }), says('permission_denied', 'Reserved email.'));
    await assert.rejects(identity.buildUser({ roleId: 99 }), says('not_found', 'Role not found.'));
    await assert.rejects(identity.buildUser({ organizationId: 1 }), says('not_found', 'Organization not found.'));
  });

  it('are filtered by role and address, ordered and paged', async () => {
    const { id } = await identity.buildUser({ roleId: 2, email: 'zoe@example.org', name: 'Zoe' });
    await identity.buildUser({ roleId: 2, name: 'Yan' });
    const admins = { ...everybody, roleId: 2, orderBy: 'name', direction: 'desc', limit: 1 } as const;
    const { users, total } = await identity.verbs.listUsers(admins, identity.asMaster);
    assert.equal(total, 2);
    assert.deepEqual(
      users.map((user) => user.id),
      [id],
    );
    const none = { ...everybody, email: 'ZOE@example.org' };
    assert.equal((await identity.verbs.listUsers(none, identity.asMaster)).total, 0);
  });

  it('are the business of administrators', async () => {
    await assert.rejects(
      identity.verbs.listUsers(everybody, buildUserCall()),
      says('permission_denied', 'Insufficient rights.'),
    );
    const user = { email: 'x@example.org', name: null, password, roleId: 1, organizationId: null };
    await assert.rejects(
      identity.verbs.createUser({ ...user, budget: null, expiresAt: null, priority: 0 }, buildUserCall()),
      says('permission_denied', 'Insufficient rights.'),
    );
  });

  it('see their own account; the master key sees no user and every model without bounds', async () => {
    const { id: userId, email } = await identity.buildUser();
    const principal = await identity.principals.ofUser(userId);
    const own = await identity.verbs.getAccount({}, buildUserCall(principal));
    assert.equal(own.user?.email, email);
    assert.deepEqual(own.role, { permissions: [], limits: [{ router: 1, type: 'rpm', value: null }] });

    const masters = await identity.verbs.getAccount({}, identity.asMaster);
    assert.equal(masters.user, null);
    assert.deepEqual(
      masters.role.limits.map(({ router, type, value }) => [router, type, value]),
      ['rpm', 'rpd', 'tpm', 'tpd'].map((type) => [1, type, null]),
    );
  });

  it('that are gone cannot have work done in their name', async () => {
    await assert.rejects(identity.principals.ofUser(999_999), (error) => error instanceof GatewayError);
  });
});
