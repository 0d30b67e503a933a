import { randomBytes } from 'node:crypto';
import { apiKeyRandomBytes, formatApiKey } from '../../core/api-key.ts';
import type { IssuedKey } from '../../core/identity.ts';
import type { IdentityDependencies } from './dependencies.ts';

export interface KeyOrder {
  ownerId: number;
  name: string;
  expiresAt: number | null;
}

/** Makes and stores a key. The secret leaves the process here and never again. */
export async function issueKey(
  deps: Pick<IdentityDependencies, 'apiKeys' | 'clock'>,
  order: KeyOrder,
): Promise<IssuedKey> {
  const secret = formatApiKey('live', randomBytes(apiKeyRandomBytes));
  const key = await deps.apiKeys.create({ ...order, secret }, deps.clock.now());
  return { id: key.id, secret };
}
