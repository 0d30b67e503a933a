import type { ModelAdminVerbs } from '../../core/verbs.ts';
import { createProviderVerbs, type ProviderDependencies } from './providers.ts';
import { createRouterVerbs } from './routers.ts';

export function createModelAdminVerbs(deps: ProviderDependencies): ModelAdminVerbs {
  return { ...createRouterVerbs(deps), ...createProviderVerbs(deps) };
}
