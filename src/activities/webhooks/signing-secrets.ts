import type { WebhookAccountRepository } from '../../adapters/mongo/webhook-accounts.ts';
import type { WebhookEndpointRepository } from '../../adapters/mongo/webhook-endpoints.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import type { WebhookSigner } from '../../adapters/secrets/webhook-signer.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { SealedSecret } from '../../core/webhook.ts';

export interface SigningDependencies {
  webhookAccounts: WebhookAccountRepository;
  webhookEndpoints: WebhookEndpointRepository;
  webhookSigner: WebhookSigner;
  secrets: Secrets;
  clock: { now(): number };
}

/** Each adds a signature to every message, so there is an end to rotating while old ones still sign. */
const maxSecrets = 5;

/** The secrets that messages are signed with: of an endpoint, or of the account for the URLs of its jobs. */
export function createSigningSecrets(deps: SigningDependencies) {
  const { webhookAccounts, webhookEndpoints, clock } = deps;

  function issue(): { secret: string; stored: SealedSecret } {
    const secret = deps.webhookSigner.newSecret();
    return { secret, stored: { sealed: deps.secrets.seal(secret), createdAt: clock.now(), expiresAt: null } };
  }

  const isLive = ({ expiresAt }: SealedSecret) => expiresAt === null || expiresAt > clock.now();

  /** Null for what was sealed with a key that is not configured any more, or is damaged. */
  function open({ sealed }: SealedSecret): string | null {
    try {
      return deps.secrets.open(sealed);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'upstream_auth_error') return null;
      throw error;
    }
  }

  /** A new secret in front; those before it sign for `overlapMs` more, or for as long as they had left. */
  function rotate(known: readonly SealedSecret[], overlapMs: number): { secret: string; secrets: SealedSecret[] } {
    const end = clock.now() + overlapMs;
    const { secret, stored } = issue();
    const old = known.map((one) => ({ ...one, expiresAt: Math.min(one.expiresAt ?? end, end) })).filter(isLive);
    assertThat(
      old.length < maxSecrets,
      'conflict',
      `${old.length} earlier secrets still sign. Wait for the end of an overlap, or end all with an overlap of 0s.`,
    );
    return { secret, secrets: [stored, ...old] };
  }

  return {
    issue,

    /**
     * Opened, the current one first: what a message is signed with now. None when the endpoint is gone; null when there
     * are some and not one of them can be opened.
     */
    async live(ownerId: number, endpointId: string | null): Promise<string[] | null> {
      const stored =
        endpointId === null
          ? await webhookAccounts.secretsOf(ownerId, () => issue().stored)
          : await webhookEndpoints.secretsOf(ownerId, endpointId);
      const live = (stored ?? []).filter(isLive);
      const opened = live.map(open).filter((secret) => secret !== null);
      return opened.length === 0 && live.length > 0 ? null : opened;
    },

    /** The new secret; null when there is no such endpoint. Throws `conflict` when another rotation was first. */
    async rotateEndpoint(ownerId: number, id: string, overlapMs: number): Promise<string | null> {
      const known = await webhookEndpoints.secretsOf(ownerId, id);
      if (!known) return null;
      const { secret, secrets } = rotate(known, overlapMs);
      const isOurs = await webhookEndpoints.replaceSecrets(ownerId, id, known, secrets, clock.now());
      return isOurs ? secret : overtaken();
    },

    /** For an account that had none yet, its first. */
    async rotateAccount(ownerId: number, overlapMs: number): Promise<string> {
      const first = issue();
      const known = await webhookAccounts.secretsOf(ownerId, () => first.stored);
      if (known[0]?.sealed === first.stored.sealed) return first.secret;
      const { secret, secrets } = rotate(known, overlapMs);
      const isOurs = await webhookAccounts.replaceSecrets(ownerId, known, secrets);
      return isOurs ? secret : overtaken();
    },
  };
}

export type SigningSecrets = ReturnType<typeof createSigningSecrets>;

function overtaken(): never {
  throw new GatewayError('conflict', 'The secret was rotated by another request just now.');
}
