import type { Http } from '../http/client.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';
import { vllm } from './vllm.ts';

/** The French State's service: another gateway, before models on vLLM. */
export function createAlbertVendor({ http }: { http: Http }): Vendor {
  return createOpenAiLikeVendor(http, {
    ...vllm,
    name: 'albert',
    relays: ['openai-chat'],
    rerankPaths: ['v1/rerank'],
  });
}
