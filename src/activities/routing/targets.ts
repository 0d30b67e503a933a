import { createHash } from 'node:crypto';
import type { Target } from '../../adapters/providers/vendor.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import type { ModelProvider } from '../../core/models.ts';

/** Where a provider is, and who it is there. */
export interface Destination {
  target: Target;
  /** Equal for providers that are one account at one vendor: what one of them signed, the others accept. */
  origin: string;
}

/** Opens the key of each provider once, and again when the provider has changed. */
export function createTargets(secrets: Pick<Secrets, 'open'>) {
  const known = new Map<number, Destination & { updatedAt: number }>();
  return {
    /** Throws `upstream_auth_error` when the key cannot be opened. */
    of({ id, vendor, url, namedBy, sealedKey, modelName, updatedAt }: ModelProvider): Destination {
      const found = known.get(id);
      if (found?.updatedAt === updatedAt) return found;
      const key = sealedKey === null ? null : secrets.open(sealedKey);
      const account = createHash('sha256')
        .update(JSON.stringify([vendor, url, key]))
        .digest('base64url')
        .slice(0, 12);
      const destination = { target: { modelName, url, namedBy, key }, origin: `${vendor}-${account}`, updatedAt };
      known.set(id, destination);
      return destination;
    },
  };
}

export type Targets = ReturnType<typeof createTargets>;
