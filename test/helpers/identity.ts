import { createIdentityVerbs } from '../../src/activities/identity/index.ts';
import { createApiKeyRepository } from '../../src/adapters/mongo/api-keys.ts';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { createCounters } from '../../src/adapters/mongo/counters.ts';
import { createKeyHash } from '../../src/adapters/mongo/key-hash.ts';
import { prepareMongo } from '../../src/adapters/mongo/prepare.ts';
import { createPrincipals } from '../../src/adapters/mongo/principals.ts';
import { createRoleRepository } from '../../src/adapters/mongo/roles.ts';
import { createRouterRepository } from '../../src/adapters/mongo/routers.ts';
import { seedMongo } from '../../src/adapters/mongo/seed.ts';
import { createSignInAttempts } from '../../src/adapters/mongo/sign-in-attempts.ts';
import { createUserRepository } from '../../src/adapters/mongo/users.ts';
import { createPasswords } from '../../src/adapters/passwords/argon2.ts';
import { master } from '../../src/core/access.ts';
import type { NewUser } from '../../src/core/identity.ts';
import { buildCall } from './calls.ts';
import type { TestEngines } from './engines.ts';

export const masterKey = 'master-key-of-the-tests';
export const password = 'correct horse battery';

/** Identity on MongoDB, with a clock that the test sets. */
export async function openIdentity(
  engines: Pick<TestEngines, 'mongodbUrl' | 'database'>,
  pepper: string | null = null,
) {
  const connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  const clock = { time: Date.now(), now: () => clock.time };
  const counters = createCounters(connection);
  const hash = createKeyHash(pepper);
  const deps = {
    clock,
    masterKey,
    counters,
    users: createUserRepository(connection, counters),
    roles: createRoleRepository(connection),
    apiKeys: createApiKeyRepository(connection, counters, hash),
    principals: createPrincipals(connection, hash, clock),
    passwords: createPasswords(),
    signInAttempts: createSignInAttempts(connection),
    routers: createRouterRepository(connection, clock),
  };
  await prepareMongo(connection);
  await seedMongo(deps, clock.now());
  const verbs = createIdentityVerbs(deps);
  const asMaster = buildCall({ principal: master });
  let made = 0;

  return {
    ...deps,
    connection,
    verbs,
    asMaster,

    /** An account like any other, but for what the test says. Answers its id and address. */
    async buildUser(changes: Partial<NewUser> = {}): Promise<{ id: number; email: string }> {
      made += 1;
      const user = {
        email: `user-${made}@example.org`,
        name: null,
        password,
        roleId: 1,
        organizationId: null,
        budget: null,
        expiresAt: null,
        priority: 0,
        ...changes,
      };
      const { id } = await verbs.createUser(user, asMaster);
      return { id, email: user.email };
    },

    /** A key of the user, made by an administrator. */
    async buildKey(userId: number, expiresAt: number | null = null): Promise<{ id: number; secret: string }> {
      return verbs.createKey({ name: 'test', expiresAt, userId }, asMaster);
    },

    async close(): Promise<void> {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

export type TestIdentity = Awaited<ReturnType<typeof openIdentity>>;
