import type { IdentityVerbs } from '../../core/verbs.ts';
import { createGetAccount } from './account.ts';
import { createAuthenticate } from './authenticate.ts';
import type { IdentityDependencies } from './dependencies.ts';
import { createKeyVerbs } from './keys.ts';
import { createSignIn } from './sign-in.ts';
import { createUserVerbs } from './users.ts';

export function createIdentityVerbs(deps: IdentityDependencies): IdentityVerbs {
  return {
    authenticate: createAuthenticate(deps),
    signIn: createSignIn(deps),
    getAccount: createGetAccount(deps),
    ...createUserVerbs(deps),
    ...createKeyVerbs(deps),
  };
}
