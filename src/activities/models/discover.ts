import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Capabilities, Target } from '../../adapters/providers/vendor.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ModelProvider, ModelType } from '../../core/models.ts';

export interface DiscoverDependencies {
  vendors: Vendors;
  secrets: Pick<Secrets, 'open'>;
}

/** A deployment that takes longer to say what it is would be of no use to callers either. */
const timeoutMs = 30_000;

/** Asks a deployment about itself. Throws `model_unreachable` when it does not answer as the model it should be. */
export async function discover(
  deps: DiscoverDependencies,
  provider: Pick<ModelProvider, 'vendor' | 'url' | 'sealedKey' | 'modelName'>,
  type: ModelType,
  signal: AbortSignal,
): Promise<Capabilities> {
  const { vendor: name, url, sealedKey, modelName } = provider;
  const vendor = deps.vendors.get(name);
  try {
    const target: Target = { modelName, url, key: sealedKey === null ? null : deps.secrets.open(sealedKey) };
    const call = { target, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) };
    const capabilities = (await vendor?.discover?.({ ...call, type })) ?? { maxContextLength: null, vectorSize: null };
    const needsVector = type === 'text-embeddings-inference' && capabilities.vectorSize === null;
    if (!needsVector || !vendor?.embed) return capabilities;
    const { vectors } = await vendor.embed({ ...call, texts: ['hello world'], dimensions: null });
    return { ...capabilities, vectorSize: vectors[0]?.length ?? null };
  } catch (cause) {
    throw new GatewayError('model_unreachable', `Model provider ${modelName} not reachable.`, { cause });
  }
}
