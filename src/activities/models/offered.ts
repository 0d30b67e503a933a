import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import { mayUseModel, type Principal } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { Model, ModelRouter } from '../../core/models.ts';
import type { InferenceVerbs } from '../../core/verbs.ts';

/** Which models there are, for this caller. */
export function createModelVerbs(deps: { routers: RouterRepository }): Pick<InferenceVerbs, 'listModels' | 'getModel'> {
  return {
    async listModels(_input, call) {
      const routers = await deps.routers.list();
      return routers.filter((router) => isOffered(router, call.principal)).map(toModel);
    },

    async getModel({ name }, call) {
      const router = await deps.routers.findByName(name);
      assertThat(router && isOffered(router, call.principal), 'model_not_found', 'Model not found.', {
        param: 'model',
      });
      return toModel(router);
    },
  };
}

function isOffered(router: ModelRouter, principal: Principal): boolean {
  return router.providers.length > 0 && mayUseModel(principal, router.id);
}

function toModel({
  providers: _providers,
  ownerId: _ownerId,
  managedBy: _managedBy,
  strategy: _strategy,
  updatedAt: _updatedAt,
  ...model
}: ModelRouter): Model {
  return { ...model, ownedBy: 'switchyard' };
}
