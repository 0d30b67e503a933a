/**
 * How a signature of an upstream travels to a caller and back: `v1.<origin>.<payload>.<mac>`. `origin` names the account
 * at the vendor that can read it, `payload` is the vendor's own text, `mac` is over all before its dot.
 */
export interface Envelope {
  origin: string;
  payload: string;
  /** What `mac` has to be over. */
  head: string;
  mac: string;
}

const mark = 'v1.';
const form = /^(v1\.([a-z]+-[\w-]+)\.(.*))\.([\w-]+)$/s;

export function headOf(origin: string, payload: string): string {
  return `${mark}${origin}.${payload}`;
}

/** Whether somebody means this for an envelope, whole or not. */
export function looksLikeEnvelope(text: string): boolean {
  return text.startsWith(mark);
}

/** Null for what is none, or not whole. */
export function readEnvelope(text: string): Envelope | null {
  const [, head, origin, payload, mac] = form.exec(text) ?? [];
  if (head === undefined || origin === undefined || payload === undefined || mac === undefined) return null;
  return { head, origin, payload, mac };
}
