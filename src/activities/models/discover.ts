import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Capabilities, Target } from '../../adapters/providers/vendor.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ModelType, VendorName } from '../../core/models.ts';

/** A deployment that takes longer to say what it is would be of no use to callers either. */
const timeoutMs = 30_000;

/** Asks a deployment about itself. Throws `model_unreachable` when it does not answer as the model it should be. */
export async function discover(
  vendors: Vendors,
  name: VendorName,
  { modelName, url, namedBy, key }: Target,
  type: ModelType,
  signal: AbortSignal,
): Promise<Capabilities> {
  const vendor = vendors.get(name);
  const target = { modelName, url, namedBy, key };
  const call = { target, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) };
  try {
    const capabilities = (await vendor?.discover?.({ ...call, type })) ?? { maxContextLength: null, vectorSize: null };
    const needsVector = type === 'text-embeddings-inference' && capabilities.vectorSize === null;
    if (!needsVector || !vendor?.embed) return capabilities;
    const { vectors } = await vendor.embed({ ...call, texts: ['hello world'], dimensions: null });
    return { ...capabilities, vectorSize: vectors[0]?.length ?? null };
  } catch (cause) {
    throw new GatewayError('model_unreachable', `Model provider ${modelName} not reachable.`, { cause });
  }
}
