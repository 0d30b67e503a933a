/** A short call on its way to a worker and back. Only references and small values travel through the workflow engine. */
import type { BlobRef, BlobUpload } from './blob.ts';
import type { Served } from './call.ts';
import type { ErrorCode } from './errors.ts';
import type { Verbs } from './verbs.ts';

/** The verbs that may run in a worker while their caller waits. */
export type ShortVerb = Extract<keyof Verbs, 'chat' | 'respond' | 'embed' | 'rerank'>;

/** Packed text, or the caller's file that holds it when it is above `maxInlineBytes`. */
export type Parcel = { text: string } | { blob: BlobRef };

const maxInlineBytes = 16 * 1024;

export interface ShortCall {
  verb: ShortVerb;
  input: Parcel;
  userId: number;
  keyId: number | null;
  requestId: string;
  operation: string | null;
}

export type ShortAnswer =
  | { output: Parcel; served: Served | null }
  | { error: { code: ErrorCode; message: string; param: string | null; retryAfterMs: number | null } };

/** Whoever waits for a short call or runs it: where they put what is too large to travel. Files of the caller's own. */
export interface ParcelStore {
  put(bytes: Uint8Array): Promise<BlobRef>;
  read(id: string): AsyncIterable<Uint8Array>;
}

/** Nobody refers to the file of a large parcel: its reader deletes it, or it is swept an hour later. */
export async function makeParcel(store: ParcelStore, value: unknown): Promise<Parcel> {
  const text = pack(value);
  const bytes = new TextEncoder().encode(text);
  return bytes.byteLength <= maxInlineBytes ? { text } : { blob: await store.put(bytes) };
}

export async function openParcel(store: ParcelStore, parcel: Parcel): Promise<unknown> {
  if ('text' in parcel) return unpack(parcel.text);
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of store.read(parcel.blob.id)) text += decoder.decode(piece, { stream: true });
  return unpack(text);
}

/** The upload of bytes that are at hand. */
export function uploadOf(bytes: Uint8Array): BlobUpload {
  async function* content() {
    yield bytes;
  }
  return { content: content(), mediaType: 'application/json', name: null, maxBytes: bytes.byteLength };
}

/**
 * JSON in which bytes and vectors survive. They stand under a mark that is new in every text, and its first line, so
 * that nothing a caller writes can be taken for one.
 */
function pack(value: unknown): string {
  const mark = crypto.randomUUID();
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key, told: unknown) {
    // What some bytes would say of themselves has been asked already.
    const item = this[key];
    if (item instanceof Float32Array) {
      return { [`vector ${mark}`]: toBase64(new Uint8Array(item.buffer, item.byteOffset, item.byteLength)) };
    }
    return item instanceof Uint8Array ? { [`bytes ${mark}`]: toBase64(item) } : told;
  });
  return `${mark}\n${json}`;
}

function unpack(text: string): unknown {
  const end = text.indexOf('\n');
  const mark = text.slice(0, end);
  return JSON.parse(text.slice(end + 1), (_key, item: Record<string, string> | null) => {
    if (typeof item !== 'object' || item === null) return item;
    const [bytes, vector] = [item[`bytes ${mark}`], item[`vector ${mark}`]];
    if (vector !== undefined) return new Float32Array(fromBase64(vector).buffer);
    return bytes === undefined ? item : fromBase64(bytes);
  });
}

/** How many bytes at once become characters: all of them would be too many arguments. */
const step = 8_192;

function toBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let start = 0; start < bytes.length; start += step) {
    characters += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(characters);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
