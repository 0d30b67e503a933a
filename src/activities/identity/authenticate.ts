import { createHash, timingSafeEqual } from 'node:crypto';
import { master } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import type { IdentityDependencies } from './dependencies.ts';

export function createAuthenticate(
  deps: Pick<IdentityDependencies, 'masterKey' | 'principals'>,
): IdentityVerbs['authenticate'] {
  const isMaster = createSecretCheck(deps.masterKey);
  return async ({ secret }) => {
    const principal = (await deps.principals.ofKey(secret)) ?? (isMaster(secret) ? master : null);
    assertThat(principal, 'invalid_api_key', 'Invalid API key.');
    return principal;
  };
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
export function createSecretCheck(expected: string | null): (presented: string) => boolean {
  if (expected === null) return () => false;
  const expectedDigest = digest(expected);
  return (presented) => timingSafeEqual(digest(presented), expectedDigest);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
