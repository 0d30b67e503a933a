import { z } from 'zod';
import { type SearchHit, searchMethods } from '../../../core/search.ts';
import { chunk, presentChunk } from '../chunks/chunk.ts';

const place = z.object({ rank: z.int(), score: z.number() }).nullable();

export const searchHit = z.object({
  method: z.enum(searchMethods),
  score: z.number().describe('semantic: cosine similarity. lexical: BM25. hybrid: the fused score.'),
  chunk,
  legs: z
    .object({ lexical: place, semantic: place })
    .nullable()
    .describe('hybrid: where the result stood in each of the two lists.'),
});

export function presentHit(hit: SearchHit): z.input<typeof searchHit> {
  return { method: hit.method, score: hit.score, chunk: presentChunk(hit.chunk), legs: hit.legs };
}
