import type { ModelType, VendorName } from '../models.ts';

const chatVendors = ['albert', 'anthropic', 'azure', 'gemini', 'mistral', 'ollama', 'openai', 'vllm'] as const;

/**
 * Whose providers a router of each type may have. For albert, mistral, openai, tei and vllm as in the specification of
 * routers and providers; the others are ours.
 */
export const compatibleVendors: Record<ModelType, readonly VendorName[]> = {
  'text-generation': chatVendors,
  'image-text-to-text': chatVendors,
  'text-embeddings-inference': ['albert', 'azure', 'gemini', 'local', 'ollama', 'openai', 'tei', 'vllm'],
  'text-classification': ['albert', 'tei', 'vllm'],
  'automatic-speech-recognition': ['albert', 'mistral', 'openai', 'vllm'],
  'image-to-text': ['mistral'],
  'text-to-speech': [],
  'image-generation': [],
};

/** What there is an endpoint for: a router of any other type can be made, and nobody can call it. */
export const servedTypes: readonly ModelType[] = [
  'text-generation',
  'image-text-to-text',
  'text-embeddings-inference',
  'text-classification',
];

/** Whose embedding models take texts as tokens too: clients know their encodings and send those. */
export const tokenVendors: readonly VendorName[] = ['azure', 'openai'];

export function isCompatible(type: ModelType, vendor: VendorName): boolean {
  return compatibleVendors[type].includes(vendor);
}
