import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AccessRule,
  anonymous,
  authorise,
  authoriseModel,
  type Limit,
  master,
  mayRead,
  mayUseModel,
  mayWrite,
  ownerOf,
  type Principal,
  permissions,
  system,
} from '../../src/core/access.ts';
import { GatewayError } from '../../src/core/errors.ts';

const user: Principal = { kind: 'user', userId: 7, keyId: 1, permissions: [], limits: [], expired: false };
const admin: Principal = { ...user, permissions: ['admin'] };
const expired: Principal = { ...user, permissions, expired: true };

/** What `authorise` answers: the code it throws, or null. */
function refusal(principal: Principal, rule: AccessRule): string | null {
  try {
    authorise(principal, rule);
    return null;
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.code;
  }
}

describe('access rules', () => {
  const table: [name: string, principal: Principal, answers: Record<AccessRule, string | null>][] = [
    [
      'nobody',
      anonymous,
      {
        public: null,
        account: 'not_authenticated',
        use: 'not_authenticated',
        admin: 'not_authenticated',
        providers: 'not_authenticated',
        metrics: 'not_authenticated',
      },
    ],
    [
      'a user',
      user,
      {
        public: null,
        account: null,
        use: null,
        admin: 'permission_denied',
        providers: 'permission_denied',
        metrics: 'permission_denied',
      },
    ],
    [
      'a user who provides models',
      { ...user, permissions: ['provide_models'] },
      {
        public: null,
        account: null,
        use: null,
        admin: 'permission_denied',
        providers: null,
        metrics: 'permission_denied',
      },
    ],
    [
      'an administrator',
      admin,
      { public: null, account: null, use: null, admin: null, providers: null, metrics: 'permission_denied' },
    ],
    [
      'an expired user',
      expired,
      {
        public: null,
        account: null,
        use: 'account_expired',
        admin: 'account_expired',
        providers: 'account_expired',
        metrics: 'account_expired',
      },
    ],
    ['the master key', master, { public: null, account: null, use: null, admin: null, providers: null, metrics: null }],
  ];
  for (const [name, principal, answers] of table) {
    it(`hold for ${name}`, () => {
      for (const [rule, answer] of Object.entries(answers)) {
        assert.equal(refusal(principal, rule as AccessRule), answer, rule);
      }
    });
  }
});

describe('access to a model', () => {
  const withLimits = (...limits: Limit[]): Principal => ({ ...user, limits });
  const row = (router: number, value: number | null, type: Limit['type'] = 'rpm'): Limit => ({ router, type, value });

  it('takes at least one row for the router', () => {
    assert.ok(mayUseModel(withLimits(row(1, null)), 1));
    assert.ok(!mayUseModel(withLimits(row(2, null)), 1));
    assert.ok(!mayUseModel(user, 1));
  });

  it('is closed by one row of 0, whatever the others say', () => {
    assert.ok(!mayUseModel(withLimits(row(1, null), row(1, 0, 'tpd')), 1));
    assert.ok(mayUseModel(withLimits(row(1, 5), row(2, 0)), 1));
  });

  it('is open to the master key and to workflow steps', () => {
    assert.ok(mayUseModel(master, 1));
    assert.ok(mayUseModel(system, 1));
    assert.ok(!mayUseModel(anonymous, 1));
  });

  it('is refused like a model that is not there unless the role lists it', () => {
    const code = (expected: string) => (error: unknown) => error instanceof GatewayError && error.code === expected;
    assert.throws(() => authoriseModel(user, 1), code('model_not_found'));
    assert.throws(() => authoriseModel(withLimits(row(1, 0)), 1), code('permission_denied'));
    assert.doesNotThrow(() => authoriseModel(withLimits(row(1, null)), 1));
  });
});

describe('what belongs to a user', () => {
  const own = { ownerId: 7 };
  const foreign = { ownerId: 8 };

  it('is read and written by them and by workflow steps', () => {
    for (const principal of [user, system]) assert.ok(mayRead(principal, own) && mayWrite(principal, own));
    for (const principal of [user, master, anonymous]) {
      assert.ok(!mayRead(principal, foreign) && !mayWrite(principal, foreign));
    }
  });

  it('is read by every user when it is public, and still written by its owner only', () => {
    const shared = { ...foreign, visibility: 'public' as const };
    assert.ok(mayRead(user, shared) && !mayWrite(user, shared));
    assert.ok(!mayRead(master, shared) && !mayRead(anonymous, shared));
  });

  it('is never made by the master key', () => {
    assert.equal(ownerOf(user, 'keys'), 7);
    assert.throws(() => ownerOf(master, 'keys'), /Master user is not allowed to create keys/);
  });
});
