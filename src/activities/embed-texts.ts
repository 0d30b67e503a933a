import { createHash } from 'node:crypto';
import type { EmbeddingCache } from '../adapters/mongo/embedding-cache.ts';
import { sumBills } from '../core/billing/bill.ts';
import type { Call } from '../core/call.ts';
import { crashPoint } from '../core/crash-point.ts';
import { assertThat } from '../core/errors.ts';
import type { ModelRouter } from '../core/models.ts';
import { type Bill, type Usage, usageOf } from '../core/usage.ts';
import { type EmbedDependencies, embedWith } from './embed.ts';

export interface EmbedTextsDependencies extends Pick<EmbedDependencies, 'serve' | 'meter'> {
  embeddingCache: EmbeddingCache;
}

export interface EmbeddedTexts {
  /** One per text, in order, of the model's own length. */
  vectors: readonly Float32Array[];
  /** Both are of what was not in the cache. */
  usage: Usage;
  bill: Bill;
}

/** Embeds chunks and queries, each text once. Access to the router has been checked. */
export async function embedTexts(
  deps: EmbedTextsDependencies,
  router: ModelRouter,
  texts: readonly string[],
  call: Call,
): Promise<EmbeddedTexts> {
  const keys = texts.map((text) => cacheKey(router, text, call.principal.userId));
  const vectors = await deps.embeddingCache.get(keys);
  const missing = new Map(texts.map((text, index) => [keys[index] ?? '', text] as const));
  for (const key of vectors.keys()) missing.delete(key);

  let usage = usageOf({});
  let bill = sumBills([]);
  if (missing.size > 0) {
    const answer = await embedWith(deps, router, { texts: [...missing.values()], dimensions: null }, call);
    const fresh = pair([...missing.keys()], answer.vectors);
    crashPoint('embed.answered.before_cache');
    await deps.embeddingCache.put(fresh);
    for (const [key, vector] of fresh) vectors.set(key, vector);
    ({ usage, bill } = answer);
  }
  return { vectors: keys.map((key) => vectors.get(key) ?? new Float32Array()), usage, bill };
}

function pair(keys: readonly string[], vectors: readonly Float32Array[]): Map<string, Float32Array> {
  assertThat(vectors.length === keys.length, 'upstream_error', 'The model answered another number of vectors.');
  return new Map(vectors.map((vector, index) => [keys[index] ?? '', vector]));
}

/**
 * Owners share no entries: a quick answer would tell one what another has embedded. Nor do deployments: two may serve
 * different models under one name.
 */
function cacheKey(router: ModelRouter, text: string, ownerId: number): string {
  const provider = router.providers[0];
  const parts = [ownerId, provider?.vendor, provider?.url, provider?.modelName, text];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
