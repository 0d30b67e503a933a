import { authorise, ownerOf, type Principal } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import type { IdentityDependencies } from './dependencies.ts';
import { issueKey } from './issue-key.ts';

export function createKeyVerbs(
  deps: Pick<IdentityDependencies, 'users' | 'apiKeys' | 'principals' | 'clock'>,
): Pick<IdentityVerbs, 'createKey' | 'listKeys' | 'getKey' | 'revokeKey'> {
  /** Only an administrator names a user, also where it is their own. */
  async function ownerFor(principal: Principal, userId: number | null): Promise<number> {
    if (userId === null) return ownerOf(principal, 'keys');
    authorise(principal, 'admin');
    assertThat(await deps.users.find(userId), 'not_found', 'User not found.');
    return userId;
  }

  return {
    async createKey({ userId, ...order }, call) {
      return issueKey(deps, { ...order, ownerId: await ownerFor(call.principal, userId) });
    },

    async listKeys(page, call) {
      return deps.apiKeys.list(call.principal.userId, page, deps.clock.now());
    },

    async getKey({ id }, call) {
      const key = await deps.apiKeys.find(call.principal.userId, id, deps.clock.now());
      assertThat(key, 'not_found', 'Token not found.');
      return key;
    },

    async revokeKey({ id }, call) {
      const revoked = await deps.apiKeys.revoke(call.principal.userId, id, deps.clock.now());
      assertThat(revoked, 'not_found', 'Token not found.');
      deps.principals.forget();
    },
  };
}
