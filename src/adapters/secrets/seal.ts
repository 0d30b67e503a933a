import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { GatewayError } from '../../core/errors.ts';

/** What keeps other systems' keys unreadable in the database. */
export interface Secrets {
  /** `v1.<id of the key>.<base64url of nonce, tag and cipher text>`; another one each time. */
  seal(text: string): string;
  /** Throws `upstream_auth_error` for what was sealed with a key that is not among ours, or was tampered with. */
  open(sealed: string): string;
  /** Whether `open` has the key for it. */
  hasKeyOf(sealed: string): boolean;
}

const algorithm = 'aes-256-gcm';
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals with `current`, opens with it and every one of `old`: AES-256-GCM under keys derived from them by HKDF. */
export function createSecrets({ current, old }: { current: string; old: readonly string[] }): Secrets {
  const [sealing, ...opening] = [current, ...old].map(derive);
  if (!sealing) throw new Error('there is a key to seal with');
  const keys = new Map([sealing, ...opening].map(({ id, key }) => [id, key]));

  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const head = `${version}.${sealing.id}`;
      const cipher = createCipheriv(algorithm, sealing.key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(head));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${head}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },

    open(sealed) {
      const [found, id = '', content = ''] = sealed.split('.');
      const key = keys.get(id);
      if (found !== version || !key) throw cannotOpen(`it was sealed with the key ${id}, which is not configured`);
      const bytes = Buffer.from(content, 'base64url');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(`${found}.${id}`));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw cannotOpen('it is damaged', cause);
      }
    },

    hasKeyOf(sealed) {
      return keys.has(sealed.split('.')[1] ?? '');
    },
  };
}

/** The id tells keys apart and nothing about them. */
function derive(secret: string): { id: string; key: Buffer } {
  const part = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, 'switchyard', `secrets ${version} ${purpose}`, bytes));
  return { id: part('id', 6).toString('base64url'), key: part('key', 32) };
}

function cannotOpen(why: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream_auth_error', 'The key of this provider cannot be read. Set it anew.', {
    cause: new Error(`a sealed key cannot be opened: ${why}`, { cause }),
  });
}
