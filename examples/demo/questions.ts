/** What the demo asks, and whether an answer is the right one. */
import { readFile } from 'node:fs/promises';
import type { Hit } from './client.ts';

export interface Question {
  query: string;
  /** Null for a folder of the user's own: nothing is known to be right then. */
  expected: { document: string; page: number | null; phrase: string } | null;
}

interface PlantedQuestion {
  query: string;
  document: string;
  page: number | null;
  expect: string;
}

export async function plantedQuestions(path: string): Promise<Question[]> {
  const planted = JSON.parse(await readFile(path, 'utf8')) as PlantedQuestion[];
  return planted.map(({ query, document, page, expect }) => ({ query, expected: { document, page, phrase: expect } }));
}

/** The place of the right answer among the hits, counted from 1; null when it is not there. */
export function placeOf(
  question: Question,
  hits: readonly Hit[],
  nameOf: (documentId: number) => string,
): number | null {
  const { expected } = question;
  if (!expected) return null;
  const place = hits.findIndex(
    (hit) => nameOf(hit.chunk.document_id) === expected.document && holds(hit.chunk.content, expected.phrase),
  );
  return place === -1 ? null : place + 1;
}

/** Line breaks, table bars and emphasis may stand between the words of a phrase. */
function holds(content: string, phrase: string): boolean {
  return wordsOf(content).includes(wordsOf(phrase));
}

function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}
