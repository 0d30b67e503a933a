import { sumBills } from '../core/billing/bill.ts';
import { toGatewayError } from '../core/errors.ts';
import type { ModelProvider, RerankRequest } from '../core/models.ts';
import { usageOf } from '../core/usage.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';
import type { EmbedDependencies } from './embed.ts';
import { resolveModel } from './resolve-model.ts';

type RerankDependencies = EmbedDependencies;

/** Orders documents by how well they answer a query. */
export function createRerank(deps: RerankDependencies): InferenceVerbs['rerank'] {
  return async ({ model, query, documents, topN }, call) => {
    const router = await resolveModel(deps, model, ['text-classification'], call.principal);
    if (documents.length === 0) {
      return { id: call.requestId, model, ranking: [], usage: usageOf({}), bill: sumBills([]) };
    }
    const measurement = deps.meter.begin(router, call, () => [query, ...documents]);
    let provider: ModelProvider | null = null;
    try {
      const answer = await deps.serve.once(router, 'rerank', call, (rerank, upstream) => {
        provider = upstream.provider;
        return rerank({ ...upstream, query, documents, topN });
      });
      const usage = measurement.usageOr(answer.usage);
      const bill = measurement.end({ status: 200, provider, usage });
      return { id: call.requestId, model, ...answer, usage, bill };
    } catch (error) {
      measurement.end({ status: toGatewayError(error).status, provider, usage: null });
      throw error;
    }
  };
}

/** A job is refused at once for what its call would be refused for. */
export function createRerankAdmission(deps: Pick<RerankDependencies, 'routers'>): Admission<RerankRequest> {
  return {
    async admit({ model }, call) {
      await resolveModel(deps, model, ['text-classification'], call.principal);
      return null;
    },
  };
}
