/**
 * Our API keys: `sk_<env>_<12 public>_<32 secret><6 checksum>`, base62 after the prefix. The checksum tells a typo or a
 * foreign token from a key without a look-up; the public part names a key in lists and logs.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const publicLength = 12;
const secretLength = 32;
const checksumLength = 6;
const shape = new RegExp(
  `^sk_[a-z]+_[0-9A-Za-z]{${publicLength}}_[0-9A-Za-z]{${secretLength}}[0-9A-Za-z]{${checksumLength}}$`,
);

/** As many random bytes as a key is made from: 120 bits more than it holds, so that no character is favoured. */
export const apiKeyRandomBytes = 48;

/** A new key. `environment` is one lower-case word, e.g. `live`; `random` has `apiKeyRandomBytes` bytes. */
export function formatApiKey(environment: string, random: Uint8Array): string {
  if (random.length !== apiKeyRandomBytes) throw new RangeError(`expected ${apiKeyRandomBytes} bytes`);
  const characters = base62(numberOf(random), publicLength + secretLength);
  const body = `sk_${environment}_${characters.slice(0, publicLength)}_${characters.slice(publicLength)}`;
  return body + checksum(body);
}

/** True for what `formatApiKey` may have made. It says nothing about whether the key exists. */
export function isWellFormedApiKey(text: string): boolean {
  const body = text.slice(0, -checksumLength);
  return shape.test(text) && text.slice(-checksumLength) === checksum(body);
}

/** `sk_live_AbCdEfGhIjKl…wxyz`: enough to recognise a key, not to use it. */
export function maskApiKey(key: string): string {
  return `${key.slice(0, key.lastIndexOf('_'))}…${key.slice(-4)}`;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** The last `length` digits of `value` in base 62. */
function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= 62n) digits = alphabet.charAt(Number(rest % 62n)) + digits;
  return digits;
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text)), checksumLength);
}

/** CRC-32 as in zlib, over ASCII. */
function crc32(text: string): number {
  let crc = ~0;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
