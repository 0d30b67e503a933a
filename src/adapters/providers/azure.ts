import { describeOpenAi, type OpenAiSettings } from './openai.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';

/** OpenAI's models on Azure: other addresses and another header; a model's name is that of its deployment. */
export function createAzureVendor({ http, clock }: OpenAiSettings): Vendor {
  return createOpenAiLikeVendor(http, {
    ...describeOpenAi(clock),
    name: 'azure',
    urlOf,
    credentials: (key) => ({ 'api-key': key }),
    listsModels: false,
    listOperation: 'deployments',
  });
}

/** The one version under which a resource lists its deployments to whoever has its key. */
const versionOfDeployments = '2023-03-15-preview';

/** What addresses are copied with that Azure shows, and what is asked under. */
const endOfResource = /(\/openai(\/v1|\/deployments(\/.*)?)?)?\/*$/;

/**
 * `<resource>/openai/v1/…`; for an address with `?api-version=…` the older `<resource>/openai/deployments/<model>/…`,
 * which only some operations have. A resource behind a gateway has a path of its own.
 */
function urlOf(address: string, operation: string, modelName: string): string {
  const { origin, pathname, searchParams } = new URL(address);
  const base = `${origin}${pathname.replace(endOfResource, '')}/openai`;
  if (operation === 'deployments') return `${base}/deployments?api-version=${versionOfDeployments}`;
  const version = searchParams.get('api-version')?.replace(/\/+$/, '');
  if (!version || operation === 'responses') return `${base}/v1/${operation}`;
  const path = operation === 'models' ? operation : `deployments/${encodeURIComponent(modelName)}/${operation}`;
  return `${base}/${path}?api-version=${encodeURIComponent(version)}`;
}
