/**
 * LangChain's RecursiveCharacterTextSplitter (Python, separators kept at the start of a piece, white space stripped)
 * on spans instead of strings.
 *
 * Why spans suffice: the pieces of a range are cut at match starts and so tile it; a chunk is a run of neighbouring
 * pieces, at most trimmed; hence every chunk is one contiguous slice of the text. Each separator sees each part of the
 * text once, so time is linear in text length times separators, and memory linear in text plus chunks.
 */
import { GatewayError } from '../errors.ts';
import { createCodePointCounter } from './code-points.ts';
import type { Matcher } from './matcher.ts';
import { mergeShortSpans } from './merge-short.ts';
import { createTrimmer } from './white-space.ts';

/** A chunk: its content is `text.slice(start, end)`, offsets in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  /** Length in Unicode code points, the unit of every size below. */
  codePoints: number;
}

export interface SplitOptions {
  /** Only a piece that no separator can cut is longer; and see `chunkMinSize`. At least 1; may be Infinity. */
  chunkSize: number;
  /** Chunks below this join a neighbour, as `mergeShortSpans` says. 0 leaves the chunks as Python makes them. */
  chunkMinSize: number;
  /** At most so much of a chunk's end is repeated at the start of the next, in whole pieces. At most `chunkSize`. */
  chunkOverlap: number;
  /** Coarsest first. */
  separators: readonly Matcher[];
}

/**
 * The chunks of `text`, in order: neither start nor end ever moves back, and only white space lies outside them all.
 * As in Python, a piece that cannot be cut to below `chunkSize` becomes a chunk untrimmed, even if it is all white
 * space. With an overlap as large as the size, there may be as many chunks as code points: throws `document_too_large`
 * as soon as there are more than `maxSpans`, counted before short ones are joined.
 */
export function splitText(text: string, options: SplitOptions, maxSpans = Infinity): Span[] {
  const { chunkSize, chunkMinSize, chunkOverlap, separators } = options;
  const codePoints = createCodePointCounter(text);
  const trim = createTrimmer(text);
  const spans: Span[] = [];

  splitRange(0, text.length, separators);
  return chunkMinSize === 0 ? spans : mergeShortSpans(spans, { chunkSize, chunkMinSize, codePoints });

  function splitRange(start: number, end: number, candidates: readonly Matcher[]): void {
    const { bounds, finer } = cut(start, end, candidates);
    let runStart = 0;
    for (let piece = 0; piece < bounds.length - 1; piece += 1) {
      const pieceStart = at(bounds, piece);
      const pieceEnd = at(bounds, piece + 1);
      if (codePoints(pieceStart, pieceEnd) < chunkSize) continue;
      mergePieces(bounds, runStart, piece);
      runStart = piece + 1;
      if (finer.length > 0) splitRange(pieceStart, pieceEnd, finer);
      else add(pieceStart, pieceEnd);
    }
    mergePieces(bounds, runStart, bounds.length - 1);
  }

  /** Cuts at the first separator that occurs. Piece i is `[bounds[i], bounds[i + 1])`; none is empty. */
  function cut(start: number, end: number, candidates: readonly Matcher[]): { bounds: number[]; finer: Matcher[] } {
    const range = text.slice(start, end);
    for (const [index, separator] of candidates.entries()) {
      const starts = separator.matchStarts(range);
      if (starts.length > 0) return { bounds: toBounds(starts, start, end), finer: candidates.slice(index + 1) };
    }
    return { bounds: toBounds([], start, end), finer: [] };
  }

  /** Packs the pieces `from` to `to` (excluded) into chunks. */
  function mergePieces(bounds: readonly number[], from: number, to: number): void {
    let first = from;
    for (let piece = from; piece < to; piece += 1) {
      const start = at(bounds, piece);
      const end = at(bounds, piece + 1);
      if (codePoints(at(bounds, first), end) <= chunkSize) continue;
      emit(at(bounds, first), start);
      while (
        codePoints(at(bounds, first), start) > chunkOverlap ||
        (first < piece && codePoints(at(bounds, first), end) > chunkSize)
      ) {
        first += 1;
      }
    }
    if (from < to) emit(at(bounds, first), at(bounds, to));
  }

  function emit(start: number, end: number): void {
    const trimmed = trim(start, end);
    if (trimmed !== null) add(trimmed.start, trimmed.end);
  }

  function add(start: number, end: number): void {
    if (spans.length >= maxSpans) throw tooManyChunks(maxSpans);
    spans.push({ start, end, codePoints: codePoints(start, end) });
  }
}

export function tooManyChunks(maxChunks: number): GatewayError {
  return new GatewayError(
    'document_too_large',
    `The document makes more than ${maxChunks} chunks; choose a larger \`chunk_size\` or a smaller \`chunk_overlap\`.`,
  );
}

function toBounds(starts: readonly number[], start: number, end: number): number[] {
  const bounds = [start];
  let last = start;
  for (const offset of starts) {
    if (start + offset === last || start + offset === end) continue;
    last = start + offset;
    bounds.push(last);
  }
  if (end > last) bounds.push(end);
  return bounds;
}

/** Reads an offset that the caller's loop bounds prove to exist. */
function at(bounds: readonly number[], index: number): number {
  const offset = bounds[index];
  if (offset === undefined) throw new RangeError(`no bound ${index} of ${bounds.length}`);
  return offset;
}
