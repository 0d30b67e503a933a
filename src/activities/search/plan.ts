import type { Leg } from '../../adapters/elasticsearch/search.ts';
import type { EmbeddingSpace } from '../../adapters/elasticsearch/space.ts';
import type { CollectionRecord } from '../../adapters/mongo/library-record.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import { sumBills } from '../../core/billing/bill.ts';
import type { Call } from '../../core/call.ts';
import { type ErrorCode, GatewayError } from '../../core/errors.ts';
import { fusionWindow } from '../../core/fusion.ts';
import { semanticWeight } from '../../core/fusion-weights.ts';
import type { SearchRequest } from '../../core/search.ts';
import { type Bill, sumUsage, type Usage } from '../../core/usage.ts';
import { assertFits } from '../chunks/index-chunks.ts';
import { type EmbedTextsDependencies, embedTexts } from '../embed-texts.ts';
import { resolveModel } from '../resolve-model.ts';

export interface PlanDependencies extends EmbedTextsDependencies {
  routers: RouterRepository;
}

/** A list to ask the index for, and how much it counts when lists are fused. */
export interface WeightedLeg {
  leg: Leg;
  weight: number;
}

export interface Plan {
  legs: readonly WeightedLeg[];
  usage: Usage;
  bill: Bill;
}

/**
 * The lists a search is made of: one by words over everything, one by meaning for each embedding space in scope, each
 * with the query embedded by its own model. A search of everything goes without the spaces whose model the caller
 * cannot use, or nobody can any more; one that names its collections is refused.
 */
export async function planSearch(
  deps: PlanDependencies,
  request: SearchRequest,
  query: string,
  collections: readonly CollectionRecord[],
  call: Call,
): Promise<Plan> {
  const spaces = [...spacesOf(collections)];
  const window = windowOf(request, spaces.length);
  const legs: WeightedLeg[] = [];
  if (request.method !== 'semantic' && spaces.length > 0) {
    const scope = scopeOf(
      request,
      spaces.flatMap(([, ids]) => ids),
    );
    const asked = spaces.map(([space]) => space);
    legs.push({ weight: 1, leg: { kind: 'lexical', scope, window, spaces: asked, text: query } });
  }
  const embeddings: Pick<Plan, 'usage' | 'bill'>[] = [];
  if (request.method !== 'lexical') {
    for (const [space, ids] of spaces) {
      const embedded = await embedQuery(deps, space, query, call).catch((error: unknown) => {
        if (request.collectionIds.length > 0 || !isClosed(error)) throw error;
        call.log.debug({ err: error, model: space.model }, 'collections left out of a search');
        return null;
      });
      if (embedded === null) continue;
      const { vector } = embedded;
      embeddings.push(embedded);
      const minCosine = request.scoreThreshold === 0 ? null : request.scoreThreshold;
      const scope = scopeOf(request, ids);
      legs.push({
        weight: semanticWeight(space.model),
        leg: { kind: 'semantic', scope, window, space, vector, minCosine },
      });
    }
  }
  return {
    legs,
    usage: sumUsage(embeddings.map(({ usage }) => usage)),
    bill: sumBills(embeddings.map(({ bill }) => bill)),
  };
}

/** A single list stands as it is: reaching to the next full hundred serves ten pages of ten from the same hits. */
function windowOf({ method, offset, limit }: SearchRequest, spaces: number): number {
  const isFused = method === 'hybrid' || (method === 'semantic' && spaces > 1);
  return isFused ? fusionWindow(offset, limit) : Math.ceil((offset + limit) / 100) * 100;
}

/** Collections that nothing was ever put into have no space, and nothing to find. */
function spacesOf(collections: readonly CollectionRecord[]): Iterable<[EmbeddingSpace, number[]]> {
  const spaces = new Map<string, [EmbeddingSpace, number[]]>();
  for (const { _id, embeddingModel: model, dimensions } of collections) {
    if (dimensions === null) continue;
    const name = JSON.stringify([model, dimensions]);
    const [, ids] = spaces.get(name) ?? [null, []];
    spaces.set(name, [{ model, dimensions }, [...ids, _id]]);
  }
  return spaces.values();
}

function scopeOf({ documentIds, filter }: SearchRequest, collectionIds: readonly number[]): Leg['scope'] {
  return { collectionIds, documentIds, filter };
}

async function embedQuery(
  deps: PlanDependencies,
  space: EmbeddingSpace,
  query: string,
  call: Call,
): Promise<{ vector: Float32Array; usage: Usage; bill: Bill }> {
  const router = await resolveModel(deps, space.model, ['text-embeddings-inference'], call.principal);
  const { vectors, usage, bill } = await embedTexts(deps, router, [query], call);
  const vector = vectors[0] ?? new Float32Array();
  assertFits(space, vector.length);
  return { vector, usage, bill };
}

const closedCodes: readonly ErrorCode[] = ['model_not_found', 'permission_denied', 'invalid_request', 'conflict'];

/** Whether the query cannot be embedded for a space, now and at every other try. */
function isClosed(error: unknown): boolean {
  return error instanceof GatewayError && closedCodes.includes(error.code);
}
