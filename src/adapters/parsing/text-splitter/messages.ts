import type { StoredError } from '../../../core/errors.ts';
import type { SplitterSettings } from '../../../core/splitter/settings.ts';
import type { Span } from '../../../core/splitter/split.ts';

/** To the thread: `open` once, then texts, each when the one before is answered. */
export type Request = { kind: 'open'; settings: SplitterSettings; maxSpans: number } | { kind: 'split'; text: string };

/** From the thread: `ready` when it is loaded and when it is open, then an answer to every text. */
export type Reply = { kind: 'ready' } | { kind: 'spans'; spans: Uint32Array } | { kind: 'failed'; error: StoredError };

const fields = 3;

/** Spans as numbers that change threads without being copied: half a million objects would hold the receiver's loop. */
export function packSpans(spans: readonly Span[]): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(spans.length * fields);
  let at = 0;
  for (const { start, end, codePoints } of spans) {
    packed[at] = start;
    packed[at + 1] = end;
    packed[at + 2] = codePoints;
    at += fields;
  }
  return packed;
}

export function* unpackSpans(packed: Uint32Array): Iterable<Span> {
  for (let at = 0; at < packed.length; at += fields) {
    yield { start: packed[at] ?? 0, end: packed[at + 1] ?? 0, codePoints: packed[at + 2] ?? 0 };
  }
}
