/** Vendors that need no more than variables of the environment: a key, an address, or both. */
import type { z } from 'zod';
import type { VendorName } from '../models.ts';
import type { configuredVendors } from './configured-models.ts';

interface VendorVariables {
  vendor: VendorName;
  /** Name of the variable with the key. */
  key: string;
  /** Name of the variable with the address. */
  url: string;
  /** Which of them must be set. */
  needs: 'key' | 'url' | 'both';
}

/** In the order in which they get the names of models that several have. */
const vendorVariables: readonly VendorVariables[] = [
  { vendor: 'openai', key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', needs: 'key' },
  { vendor: 'anthropic', key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', needs: 'key' },
  { vendor: 'gemini', key: 'GEMINI_API_KEY', url: 'GEMINI_BASE_URL', needs: 'key' },
  { vendor: 'mistral', key: 'MISTRAL_API_KEY', url: 'MISTRAL_BASE_URL', needs: 'key' },
  { vendor: 'albert', key: 'ALBERT_API_KEY', url: 'ALBERT_BASE_URL', needs: 'key' },
  { vendor: 'azure', key: 'AZURE_OPENAI_API_KEY', url: 'AZURE_OPENAI_ENDPOINT', needs: 'both' },
  { vendor: 'vllm', key: 'VLLM_API_KEY', url: 'VLLM_URL', needs: 'url' },
  { vendor: 'tei', key: 'TEI_API_KEY', url: 'TEI_URL', needs: 'url' },
  { vendor: 'ollama', key: 'OLLAMA_API_KEY', url: 'OLLAMA_HOST', needs: 'url' },
];

/** The vendors that the environment has what they need of, as `vendors` of the configuration. */
export function vendorsIn(environment: Record<string, string | undefined>): z.input<typeof configuredVendors> {
  return vendorVariables.flatMap(({ vendor: type, needs, ...variables }) => {
    const key = environment[variables.key] || null;
    const address = environment[variables.url] || null;
    const isThere = (needs === 'url' || key !== null) && (needs === 'key' || address !== null);
    const url = type === 'ollama' && address !== null ? ollamaAddress(address) : address;
    return isThere ? [{ type, url, key, source: variables[needs === 'url' ? 'url' : 'key'] }] : [];
  });
}

/** Ollama's own variable may leave out the scheme and the port, or say that it listens everywhere. */
function ollamaAddress(host: string): string {
  const hasScheme = /^https?:\/\//.test(host);
  const url = URL.parse(hasScheme ? host : `http://${host}`);
  if (url === null) return host;
  if (!hasScheme && url.port === '') url.port = '11434';
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  return url.href;
}
