import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Tells what we have written from what somebody else has. */
export interface Signatures {
  /** 22 characters of base64url: half of an HMAC-SHA256. */
  sign(text: string): string;
  /** Whether `sign`, with this secret or an old one, gave `signature` for `text`. */
  verify(text: string, signature: string): boolean;
}

const bytes = 16;

/** Signs with `current`, verifies with it and every one of `old`. Signatures for one purpose are none for another. */
export function createSignatures(
  { current, old }: { current: string; old: readonly string[] },
  purpose: string,
): Signatures {
  const derive = (secret: string) =>
    Buffer.from(hkdfSync('sha256', secret, 'switchyard', `signatures v1 ${purpose}`, 32));
  const signing = derive(current);
  const verifying = [signing, ...old.map(derive)];
  const macOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest().subarray(0, bytes);

  return {
    sign(text) {
      return macOf(signing, text).toString('base64url');
    },

    verify(text, signature) {
      const given = Buffer.from(signature, 'base64url');
      return given.length === bytes && verifying.some((key) => timingSafeEqual(macOf(key, text), given));
    },
  };
}
