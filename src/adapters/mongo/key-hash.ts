import { createHash, createHmac } from 'node:crypto';

/** How API keys are stored: SHA-256, or HMAC-SHA256 with the pepper. Keys have 190 bits, so a slow hash buys nothing. */
export function createKeyHash(pepper: string | null): (secret: string) => string {
  if (pepper === null) return (secret) => createHash('sha256').update(secret).digest('base64url');
  return (secret) => createHmac('sha256', pepper).update(secret).digest('base64url');
}

export type KeyHash = ReturnType<typeof createKeyHash>;
