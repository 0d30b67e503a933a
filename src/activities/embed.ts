import type { RouterRepository } from '../adapters/mongo/routers.ts';
import type { Vendors } from '../adapters/providers/registry.ts';
import type { Embeddings } from '../adapters/providers/vendor.ts';
import type { Call } from '../core/call.ts';
import { assertThat } from '../core/errors.ts';
import type { EmbedRequest, ModelRouter } from '../core/models.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';
import { resolveModel } from './resolve-model.ts';

interface EmbedDependencies {
  routers: RouterRepository;
  vendors: Vendors;
}

export function createEmbed(deps: EmbedDependencies): InferenceVerbs['embed'] {
  return async (request, call) => {
    const router = await routerFor(deps, request, call);
    const { vectors, usage } = await embedWith(deps.vendors, router, request.texts, request.dimensions, call);
    return { id: call.requestId, model: request.model, vectors, usage };
  };
}

/** A job is refused at once for what its call would be refused for. */
export function createEmbedAdmission(deps: Pick<EmbedDependencies, 'routers'>): Admission<EmbedRequest> {
  return {
    async admit(request, call) {
      await routerFor(deps, request, call);
      return null;
    },
  };
}

async function routerFor(
  deps: Pick<EmbedDependencies, 'routers'>,
  { model, dimensions }: EmbedRequest,
  call: Call,
): Promise<ModelRouter> {
  const router = await resolveModel(deps, model, 'text-embeddings-inference', call.principal);
  assertThat(
    dimensions === null || router.vectorSize === null || dimensions <= router.vectorSize,
    'invalid_request',
    `Expected at most ${router.vectorSize} dimensions, as many as the model has; got ${dimensions}.`,
    { param: 'dimensions' },
  );
  return router;
}

/** Asks a provider of the router. Access has been checked. */
export async function embedWith(
  vendors: Vendors,
  router: ModelRouter,
  texts: readonly string[],
  dimensions: number | null,
  call: Call,
): Promise<Embeddings> {
  const [provider] = router.providers;
  assertThat(provider, 'model_not_found', 'Model not found.', { param: 'model' });
  const vendor = vendors.get(provider.vendor);
  assertThat(vendor?.embed, 'upstream_error', `No provider of the model ${router.name} can embed.`);
  return vendor.embed({ modelName: provider.modelName, texts, dimensions, signal: call.signal });
}
