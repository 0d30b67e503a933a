import type { RouterRepository } from '../adapters/mongo/routers.ts';
import { authoriseModel, type Principal } from '../core/access.ts';
import { assertThat } from '../core/errors.ts';
import type { ModelRouter, ModelType } from '../core/models.ts';

/** The router that `name` stands for, if it is of a type asked for and the caller may use it. */
export async function resolveModel(
  deps: { routers: Pick<RouterRepository, 'findByName'> },
  name: string,
  types: readonly ModelType[],
  principal: Principal,
): Promise<ModelRouter> {
  const router = await deps.routers.findByName(name);
  assertThat(router, 'model_not_found', 'Model not found.', { param: 'model' });
  authoriseModel(principal, router.id);
  assertThat(types.includes(router.type), 'invalid_request', 'Wrong model type.', { param: 'model' });
  return router;
}
