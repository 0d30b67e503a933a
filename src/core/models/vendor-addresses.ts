import type { VendorName } from '../models.ts';

/** Where vendors are that have one address for everybody: without `/v1`, with a slash at its end. */
export const vendorAddresses: Partial<Record<VendorName, string>> = {
  albert: 'https://albert.api.etalab.gouv.fr/',
  anthropic: 'https://api.anthropic.com/',
  gemini: 'https://generativelanguage.googleapis.com/',
  mistral: 'https://api.mistral.ai/',
  openai: 'https://api.openai.com/',
};
