import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

/** What a message may be proven with: secrets of its endpoint, or keys that the installation publishes. */
export interface Proofs {
  /** `whsec_…` */
  secrets: readonly string[];
  /** `whpk_…` */
  publicKeys: readonly string[];
}

export interface Message {
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

const toleranceSeconds = 300;

/** Why the message cannot be trusted; null for one that can. */
export function faultOf({ headers, body }: Message, proofs: Proofs, nowMs: number): string | null {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
    return 'it has not all of webhook-id, webhook-timestamp and webhook-signature';
  }
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  if (!/^\d+$/.test(timestamp)) return 'its webhook-timestamp is no number of seconds';
  if (Math.abs(ageSeconds) > toleranceSeconds) return `it was signed ${ageSeconds} s ago`;
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = signature.split(' ').map((each) => each.split(','));
  const isProven = signatures.some(([version, encoded = '']) => proves(version, encoded, content, proofs));
  return isProven ? null : 'none of its signatures fits: another secret, or a changed message';
}

function proves(version: string | undefined, encoded: string, content: Buffer, proofs: Proofs): boolean {
  const bytes = Buffer.from(encoded, 'base64');
  if (version === 'v1') return proofs.secrets.some((secret) => isEqual(hmac(secret, content), bytes));
  if (version === 'v1a') return proofs.publicKeys.some((key) => verify(null, content, publicKeyOf(key), bytes));
  return false;
}

function hmac(secret: string, content: Buffer): Buffer {
  return createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(content)
    .digest();
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function publicKeyOf(key: string): KeyObject {
  const x = Buffer.from(key.replace(/^whpk_/, ''), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
