import { z } from 'zod';

export const maxDocuments = 2048;
export const maxRerankBytes = 8 * 1024 * 1024;

const encoder = new TextEncoder();
const text = z.string().min(1, { error: 'Expected a text that is not empty.' });
const withText = z.looseObject({ text });
const maxResults = z.int().positive().nullish();
const notHere = (what: string) => z.null({ error: `${what} cannot be asked for here.` }).optional();

/** S2 calls the documents `texts`; S4, Cohere and Jina call them `documents`, which may be objects with a text. */
export const rerankRequest = z
  .looseObject({
    model: z.string().trim().min(1).describe('Name or alias of a model of the type text-classification.'),
    query: text.describe('What the documents should answer.'),
    documents: z
      .array(z.union([text, withText]))
      .max(maxDocuments)
      .optional()
      .describe(`Up to ${maxDocuments} texts, or objects with a text.`),
    texts: z.array(text).max(maxDocuments).optional().describe('The same; the answer then has score and text.'),
    top_n: maxResults.describe('Answer only the best so many.'),
    limit: maxResults.describe('The same, beside texts.'),
    return_documents: z.boolean().nullish().describe('Answer each document with its score. False unless given.'),
    rank_fields: notHere('Ranking by fields'),
    max_chunks_per_doc: notHere('Cutting documents into chunks'),
    max_tokens_per_doc: notHere('Cutting documents off'),
    raw_scores: z.literal(false, { error: 'Scores before normalisation cannot be asked for here.' }).nullish(),
    return_embeddings: z.literal(false, { error: 'Rerank answers no embeddings.' }).nullish(),
  })
  .superRefine((body, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (body.texts === undefined && body.documents === undefined) fault('documents', 'Expected documents or texts.');
    if (body.texts && body.documents) fault('texts', 'Expected documents or texts, got both.');
    if (body.top_n && body.limit) fault('limit', 'Expected top_n or limit, got both.');
    const bytes = [body.query, ...textsOf(body)].reduce((sum, one) => sum + encoder.encode(one).byteLength, 0);
    if (bytes > maxRerankBytes) {
      fault(body.texts ? 'texts' : 'documents', `Expected at most ${maxRerankBytes} bytes of text.`);
    }
  });

export type RerankBody = z.output<typeof rerankRequest>;

/** What is compared with the query, in order. */
export function textsOf({ texts, documents }: Pick<RerankBody, 'texts' | 'documents'>): string[] {
  return texts ?? documents?.map((document) => (typeof document === 'string' ? document : document.text)) ?? [];
}
