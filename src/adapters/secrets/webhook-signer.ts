import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto';
import type { WebhookKey } from '../../core/webhook.ts';
import { signedPrefix, type WebhookProof } from '../../core/webhooks/signature.ts';

/** Signs messages as Standard Webhooks wants it. */
export interface WebhookSigner {
  /** `whsec_` and base64 of 32 random bytes. Not base64url: there are verifiers that split at `_`. */
  newSecret(): string;
  /**
   * One `v1` (HMAC-SHA256) for each of `secrets`, then one `v1a` (ed25519) for each key of this installation. `body` is
   * exactly what is sent; `timestamp` is in Unix seconds.
   */
  sign(message: { id: string; timestamp: number; body: Uint8Array; secrets: readonly string[] }): WebhookProof;
  /** With which anybody can verify `v1a`. */
  publicKeys(): readonly WebhookKey[];
}

const secretPrefix = 'whsec_';
const publicPrefix = 'whpk_';
/** PKCS #8 of an ed25519 key, up to its 32 bytes. */
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyBytes = 32;

/** The ed25519 keys are derived from the installation's secrets, so all its processes have the same ones. */
export function createWebhookSigner({ current, old }: { current: string; old: readonly string[] }): WebhookSigner {
  const keys = [current, ...old].map(derive);
  const publicKeys = keys.map(({ publicKey }, index): WebhookKey => {
    return { publicKey, status: index === 0 ? 'current' : 'retiring' };
  });

  return {
    newSecret: () => `${secretPrefix}${randomBytes(keyBytes).toString('base64')}`,

    sign({ id, timestamp, body, secrets }) {
      const content = Buffer.concat([Buffer.from(signedPrefix(id, timestamp)), body]);
      const symmetric = secrets.map((secret) => `v1,${hmac(secret, content)}`);
      const asymmetric = keys.map(({ privateKey }) => `v1a,${signWith(null, content, privateKey).toString('base64')}`);
      return { id, timestamp, signature: [...symmetric, ...asymmetric].join(' ') };
    },

    publicKeys: () => publicKeys,
  };
}

function hmac(secret: string, content: Buffer): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}

function derive(secret: string): { privateKey: KeyObject; publicKey: string } {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'switchyard', 'webhooks v1 ed25519', keyBytes));
  const privateKey = createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: `${publicPrefix}${spki.subarray(-keyBytes).toString('base64')}` };
}
