import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { base64OfFloats } from '../../core/vectors.ts';
import { embeddingInput, maxItems, toTexts } from './embedding-input.ts';
import { presentUsage, usageSchema } from './usage.ts';

export const createEmbeddings = endpoint({
  method: 'POST',
  path: '/v1/embeddings',
  permission: 'use',
  summary: 'Embed one or more texts',
  tag: 'Embeddings',
  body: z.looseObject({
    input: embeddingInput.describe(`The text, or up to ${maxItems} of them, written out or as tokens.`),
    model: z.string().trim().min(1).describe('Name or alias of an embedding model.'),
    dimensions: z.int().positive().nullish().describe('Shortens the vectors and scales them back to unit length.'),
    encoding_format: z.enum(['float', 'base64']).nullish().describe('base64 is of 32-bit little-endian floats.'),
    user: z.string().nullish().describe('Accepted and not used.'),
  }),
  response: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string().describe('The name the request used.'),
    usage: usageSchema,
    id: z.string(),
  }),
  verb: 'embed',
  job: { kind: 'call' },
  toCore: (body) => ({ model: body.model, ...toTexts(body.input), dimensions: body.dimensions ?? null }),
  fromCore: ({ id, model, vectors, usage, bill }, body) => ({
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding' as const,
      index,
      embedding: body.encoding_format === 'base64' ? base64OfFloats(vector) : [...vector],
    })),
    model,
    usage: presentUsage(usage, bill),
    id,
  }),
});
