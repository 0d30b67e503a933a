import type { ApiKeyRepository } from '../../adapters/mongo/api-keys.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import type { RoleRepository } from '../../adapters/mongo/roles.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { SignInAttempts } from '../../adapters/mongo/sign-in-attempts.ts';
import type { UserRepository } from '../../adapters/mongo/users.ts';
import type { Passwords } from '../../adapters/passwords/argon2.ts';

export interface IdentityDependencies {
  clock: { now(): number };
  /** Null where nobody signs in with it, as in a worker. */
  masterKey: string | null;
  users: UserRepository;
  roles: RoleRepository;
  apiKeys: ApiKeyRepository;
  principals: Principals;
  passwords: Passwords;
  signInAttempts: SignInAttempts;
  routers: RouterRepository;
}
