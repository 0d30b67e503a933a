import type { VendorName } from '../../core/models.ts';
import type { Http } from '../http/client.ts';
import { createAlbertVendor } from './albert.ts';
import { createAnthropicVendor } from './anthropic/index.ts';
import { createAzureVendor } from './azure.ts';
import { createGeminiVendor } from './gemini/index.ts';
import { createLocalVendor, type LocalSettings } from './local/index.ts';
import { createMistralVendor } from './mistral.ts';
import { createOllamaVendor } from './ollama/index.ts';
import { createOpenAiVendor } from './openai.ts';
import { createTeiVendor } from './tei.ts';
import type { Vendor } from './vendor.ts';
import { createVllmVendor } from './vllm.ts';

export interface VendorSettings {
  local: LocalSettings;
  http: Http;
  clock: { now(): number };
}

/** Every vendor by the name that providers are stored with. */
export const vendorFactories: Record<VendorName, (settings: VendorSettings) => Vendor> = {
  albert: createAlbertVendor,
  anthropic: createAnthropicVendor,
  azure: createAzureVendor,
  gemini: createGeminiVendor,
  local: ({ local }) => createLocalVendor(local),
  mistral: createMistralVendor,
  ollama: createOllamaVendor,
  openai: createOpenAiVendor,
  tei: createTeiVendor,
  vllm: createVllmVendor,
};

export function createVendors(settings: VendorSettings) {
  const vendors = new Map<string, Vendor>(
    Object.entries(vendorFactories).map(([name, create]) => [name, create(settings)]),
  );
  return {
    /** Undefined for a name of no vendor. */
    get(name: string): Vendor | undefined {
      return vendors.get(name);
    },

    async close(): Promise<void> {
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()));
    },
  };
}

export type Vendors = ReturnType<typeof createVendors>;
