import { authorise } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import type { IdentityDependencies } from './dependencies.ts';

/** The address under which the master key signs in. */
export const reservedEmail = 'master';

export function createUserVerbs(
  deps: Pick<IdentityDependencies, 'users' | 'roles' | 'passwords' | 'clock'>,
): Pick<IdentityVerbs, 'createUser' | 'listUsers'> {
  return {
    async createUser({ password, ...user }, call) {
      authorise(call.principal, 'admin');
      assertThat(user.email !== reservedEmail, 'permission_denied', 'Reserved email.');
      assertThat(await deps.roles.find(user.roleId), 'not_found', 'Role not found.');
      assertThat(user.organizationId === null, 'not_found', 'Organization not found.');
      const passwordHash = await deps.passwords.hash(password);
      const now = deps.clock.now();
      const { id } = await deps.users.create({ ...user, passwordHash, createdAt: now, updatedAt: now });
      return { id };
    },

    async listUsers(query, call) {
      authorise(call.principal, 'admin');
      return deps.users.list(query);
    },
  };
}
