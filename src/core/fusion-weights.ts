/** How much the semantic list of a hybrid search weighs; the lexical one weighs 1. */
const semanticWeights: Readonly<Record<string, number>> = {
  // Measured with bench/retrieval.ts: from 0.3 to 4 no weight is better than another beyond chance.
  'all-minilm-l6-v2': 1,
};

/** Models that were not measured count as much as the words do. */
const defaultWeight = 1;

export function semanticWeight(model: string): number {
  return semanticWeights[model] ?? defaultWeight;
}
