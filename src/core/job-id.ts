/** Crockford's alphabet, lower case: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const counterLength = 3;
const randomLength = 15;

export const jobIdPattern = /^job_[0-9a-hjkmnp-tv-z]{28}$/;

/**
 * Job ids sort by time: 10 characters of milliseconds, 3 of a counter within the millisecond, 15 random (75 bits).
 * `fillRandom` must be cryptographically strong.
 */
export function createJobIds(fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void): (now: number) => string {
  let lastTime = 0;
  let counter = 0;
  return (now) => {
    counter = now > lastTime ? 0 : counter + 1;
    lastTime = Math.max(now, lastTime);
    const random = new Uint8Array(randomLength);
    fillRandom(random);
    return `job_${base32(lastTime, timeLength)}${base32(counter, counterLength)}${tailOf(random)}`;
  };
}

/** When a job was made, in milliseconds since the epoch: its id tells. */
export function timeOfJobId(id: string): number {
  const digits = id.slice('job_'.length, 'job_'.length + timeLength);
  return [...digits].reduce((time, digit) => 32 * time + alphabet.indexOf(digit), 0);
}

/** An id of the same moment for a part of what job `id` does, by a hash of what that part goes by. */
export function partOfJobId(id: string, hash: Uint8Array): string {
  return `${id.slice(0, -randomLength)}${tailOf(hash.subarray(0, randomLength))}`;
}

function tailOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = `${alphabet[rest % 32]}${text}`;
  return text;
}
