import type { RouterRepository } from '../adapters/mongo/routers.ts';
import type { Embeddings } from '../adapters/providers/vendor.ts';
import type { Call } from '../core/call.ts';
import { assertThat, toGatewayError } from '../core/errors.ts';
import { tokenVendors } from '../core/models/compatibility.ts';
import type { EmbedRequest, ModelProvider, ModelRouter } from '../core/models.ts';
import type { Bill } from '../core/usage.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';
import type { Meter } from './metering/meter.ts';
import { resolveModel } from './resolve-model.ts';
import type { Serve } from './routing/serve.ts';

export interface EmbedDependencies {
  routers: RouterRepository;
  serve: Serve;
  meter: Meter;
}

export function createEmbed(deps: EmbedDependencies): InferenceVerbs['embed'] {
  return async (request, call) => {
    const router = await routerFor(deps, request, call);
    const { vectors, usage, bill } = await embedWith(deps, router, request, call);
    return { id: call.requestId, model: request.model, vectors, usage, bill };
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
  { model, dimensions, tokens }: EmbedRequest,
  call: Call,
): Promise<ModelRouter> {
  const router = await resolveModel(deps, model, ['text-embeddings-inference'], call.principal);
  assertThat(
    dimensions === null || router.vectorSize === null || dimensions <= router.vectorSize,
    'invalid_request',
    `Expected at most ${router.vectorSize} dimensions, as many as the model has; got ${dimensions}.`,
    { param: 'dimensions' },
  );
  return tokens === undefined ? router : takingTokens(router);
}

/** Of its providers, those that read tokens as they were meant: to any other model they are other words. */
function takingTokens(router: ModelRouter): ModelRouter {
  const providers = router.providers.filter(({ vendor }) => tokenVendors.includes(vendor));
  assertThat(
    providers.length > 0,
    'unsupported_value',
    'Expected a string or an array of strings, got tokens: those of its clients are not the tokens of this model. ' +
      'Send the text.',
    { param: 'input' },
  );
  return { ...router, providers };
}

/** Asks a provider of the router, and records what that cost. Access has been checked. */
export async function embedWith(
  deps: Pick<EmbedDependencies, 'serve' | 'meter'>,
  router: ModelRouter,
  { texts, tokens, dimensions }: Omit<EmbedRequest, 'model'>,
  call: Call,
): Promise<Embeddings & { bill: Bill }> {
  const measurement = deps.meter.begin(router, call, () => texts);
  let provider: ModelProvider | null = null;
  try {
    const answer = await deps.serve.once(router, 'embed', call, (embed, upstream) => {
      provider = upstream.provider;
      return embed({ ...upstream, texts, dimensions, ...(tokens && { tokens }) });
    });
    const usage = measurement.usageOr(answer.usage);
    const bill = measurement.end({ status: 200, provider, usage });
    return { ...answer, usage, bill };
  } catch (error) {
    measurement.end({ status: toGatewayError(error).status, provider, usage: null });
    throw error;
  }
}
