import type { Limit, LimitType } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import type { IdentityDependencies } from './dependencies.ts';

const limitTypes: readonly LimitType[] = ['rpm', 'rpd', 'tpm', 'tpd'];

export function createGetAccount(deps: Pick<IdentityDependencies, 'users' | 'routers'>): IdentityVerbs['getAccount'] {
  return async (_input, { principal }) => {
    const { permissions } = principal;
    if (principal.kind === 'master') return { user: null, role: { permissions, limits: await unlimited(deps) } };
    const user = await deps.users.find(principal.userId);
    assertThat(user, 'not_found', 'User not found.');
    return { user, role: { permissions, limits: principal.limits } };
  };
}

/** The master key has no role: it may use every model without bounds. */
async function unlimited(deps: Pick<IdentityDependencies, 'routers'>): Promise<Limit[]> {
  const routers = await deps.routers.list();
  return routers.flatMap((router) => limitTypes.map((type) => ({ router: router.id, type, value: null })));
}
