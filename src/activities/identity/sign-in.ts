import { assertThat, GatewayError } from '../../core/errors.ts';
import type { IdentityVerbs } from '../../core/verbs.ts';
import { createSecretCheck } from './authenticate.ts';
import type { IdentityDependencies } from './dependencies.ts';
import { issueKey } from './issue-key.ts';
import { reservedEmail } from './users.ts';

/** Name and life of the keys that signing in hands out: those of the specification's playground. */
const sessionName = 'playground';
const sessionMs = 3_600_000;

export function createSignIn(deps: Omit<IdentityDependencies, 'roles' | 'routers'>): IdentityVerbs['signIn'] {
  const isMasterKey = createSecretCheck(deps.masterKey);
  return async ({ email, password }) => {
    await admit(deps, email);
    const isMaster = email === reservedEmail && isMasterKey(password);
    const found = isMaster ? null : await deps.users.findByEmail(email);
    // Unknown addresses are checked too, so that they take as long.
    const matches = isMaster || (await deps.passwords.verify(found?.passwordHash ?? null, password));
    assertThat(matches, 'not_authenticated', 'Invalid email or password.');
    await deps.signInAttempts.succeed(email);
    return found ? openSession(deps, found.user.id) : { id: 0, secret: password };
  };
}

async function admit(deps: Pick<IdentityDependencies, 'signInAttempts' | 'clock'>, email: string): Promise<void> {
  const retryAfterMs = await deps.signInAttempts.begin(email, deps.clock.now());
  if (retryAfterMs === 0) return;
  const message = `Too many failed sign-ins. Please wait ${Math.ceil(retryAfterMs / 1000)} seconds.`;
  throw new GatewayError('rate_limit_exceeded', message, { retryAfterMs });
}

/** The session before it ends. */
async function openSession(deps: Pick<IdentityDependencies, 'apiKeys' | 'principals' | 'clock'>, ownerId: number) {
  const now = deps.clock.now();
  await deps.apiKeys.revokeNamed(ownerId, sessionName, now);
  deps.principals.forget();
  return issueKey(deps, { ownerId, name: sessionName, expiresAt: now + sessionMs });
}
