import type { Ranked } from '../../core/models.ts';
import { malformedAnswer } from './ask.ts';
import type { RerankCall } from './vendor.ts';

/** By falling score, equal ones in the order of the documents, and no more than were asked for. */
export function inOrder(ranked: readonly Ranked[], { documents, topN }: RerankCall): Ranked[] {
  if (ranked.some(({ index }) => index < 0 || index >= documents.length)) {
    throw malformedAnswer(new Error('a rank of a document that was not sent'));
  }
  const ranking = ranked.toSorted((a, b) => b.score - a.score || a.index - b.index);
  return topN === null ? ranking : ranking.slice(0, topN);
}
