import type { ModelAdminVerbs } from '../../core/verbs.ts';
import { createProviderVerbs } from './providers.ts';
import { createRefreshModels, type RefreshDependencies } from './refresh.ts';
import { createRouterVerbs } from './routers.ts';

export function createModelAdminVerbs(deps: RefreshDependencies): ModelAdminVerbs {
  return { ...createRouterVerbs(deps), ...createProviderVerbs(deps), refreshModels: createRefreshModels(deps) };
}
