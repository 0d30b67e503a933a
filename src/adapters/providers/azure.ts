import type { Http } from '../http/client.ts';
import { openAi } from './openai.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';

/** OpenAI's models on Azure: other addresses and another header; a model's name is that of its deployment. */
export function createAzureVendor({ http }: { http: Http }): Vendor {
  return createOpenAiLikeVendor(http, {
    ...openAi,
    name: 'azure',
    urlOf,
    credentials: (key) => ({ 'api-key': key }),
    listsModels: false,
    listOperation: 'deployments',
  });
}

/** The one version under which a resource lists its deployments to whoever has its key. */
const versionOfDeployments = '2023-03-15-preview';

/**
 * `<resource>/openai/v1/…`; for an address with `?api-version=…` the older `<resource>/openai/deployments/<model>/…`,
 * which only some operations have.
 */
function urlOf(address: string, operation: string, modelName: string): string {
  const { origin, searchParams } = new URL(address);
  if (operation === 'deployments') return `${origin}/openai/deployments?api-version=${versionOfDeployments}`;
  const version = searchParams.get('api-version')?.replace(/\/+$/, '');
  if (!version || operation === 'responses') return `${origin}/openai/v1/${operation}`;
  const path = operation === 'models' ? operation : `deployments/${encodeURIComponent(modelName)}/${operation}`;
  return `${origin}/openai/${path}?api-version=${encodeURIComponent(version)}`;
}
