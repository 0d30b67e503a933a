import { assertThat } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import { isSameSecret } from './authenticate.ts';
import type { IdentityDependencies } from './dependencies.ts';
import { issueKey } from './issue-key.ts';
import { reservedEmail } from './users.ts';

/** Name and life of the keys that signing in hands out: those of the specification's playground. */
const sessionName = 'playground';
const sessionMs = 3_600_000;

export function createSignIn(
  deps: Pick<IdentityDependencies, 'users' | 'passwords' | 'apiKeys' | 'clock' | 'masterKey'>,
): IdentityVerbs['signIn'] {
  return async ({ email, password }) => {
    if (email === reservedEmail && isSameSecret(password, deps.masterKey)) return { id: 0, secret: password };
    const found = await deps.users.findByEmail(email);
    const matches = await deps.passwords.verify(found?.passwordHash ?? null, password);
    assertThat(found && matches, 'not_authenticated', 'Invalid email or password.');
    const now = deps.clock.now();
    await deps.apiKeys.revokeNamed(found.user.id, sessionName, now);
    return issueKey(deps, { ownerId: found.user.id, name: sessionName, expiresAt: now + sessionMs });
  };
}
