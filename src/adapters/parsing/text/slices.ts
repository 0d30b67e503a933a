import { stat } from 'node:fs/promises';
import type { Block, DocumentPart, PartRange } from '../../../core/document.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { PartCount } from '../format.ts';
import type { ParsingLimits } from '../limits.ts';
import { decodedPieces, detectEncoding } from './encoding.ts';

/** Where a long text may be cut. `text` starts where the last cut was made; a result is an index into it, above 0. */
export interface CutRule {
  /** The last good place, or 0 if there is none. */
  find(text: string): number;
  /** The place to take when `text` has grown too long for another try. */
  force(text: string): number;
}

/** How far beyond its size a slice may grow in search of a good place. */
const patience = 2;
const piecesPerSlice = 16;

/**
 * A text file as slices of about `partBytes`, at least one, read as a stream: no more than two slices are in memory,
 * whatever the size of the file. Slices depend on the file and the limits alone: they can be counted first, read later.
 */
async function* slices(path: string, limits: ParsingLimits, rule: CutRule): AsyncGenerator<string> {
  const { size } = await stat(path);
  if (size > limits.maxTextBytes) {
    throw new GatewayError(
      'document_too_large',
      `The file has ${size} bytes; at most ${limits.maxTextBytes} are read of a text.`,
    );
  }
  let pieces: string[] = [];
  let bytes = 0;
  let attemptAt = limits.partBytes;
  let yielded = false;
  const pieceBytes = Math.ceil(limits.partBytes / piecesPerSlice);
  for await (const piece of decodedPieces(path, await detectEncoding(path), pieceBytes)) {
    pieces.push(piece.text);
    bytes += piece.bytes;
    if (bytes < attemptAt) continue;
    const text = pieces.join('');
    const cut = rule.find(text) || (bytes >= patience * limits.partBytes ? rule.force(text) : 0);
    attemptAt = cut === 0 ? patience * limits.partBytes : limits.partBytes;
    if (cut > 0) {
      yield text.slice(0, cut);
      yielded = true;
    }
    pieces = [text.slice(cut)];
    bytes = Math.round((bytes * (text.length - cut)) / text.length);
  }
  const rest = pieces.join('');
  if (rest !== '' || !yielded) yield rest;
}

/** The place after the last line break, else the last space, else the end; never within a character. */
export function cutAnywhere(text: string): number {
  const cut = text.lastIndexOf('\n') + 1 || text.lastIndexOf(' ') + 1 || text.length;
  const splitsPair = cut === text.length && isHighSurrogate(text.charCodeAt(cut - 1));
  return splitsPair ? cut - 1 : cut;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

export async function countSlices(path: string, limits: ParsingLimits, rule: CutRule): Promise<PartCount> {
  let count = 0;
  for await (const _ of slices(path, limits, rule)) count += 1;
  return { parts: count, unit: 'part' };
}

/** The slices of `range` as parts; those before it are passed over, those behind it are not read. */
export async function* slicedParts(
  cut: { path: string; limits: ParsingLimits; rule: CutRule },
  range: PartRange,
  toBlocks: (slice: string, number: number) => Block[],
): AsyncGenerator<DocumentPart> {
  let number = 0;
  for await (const slice of slices(cut.path, cut.limits, cut.rule)) {
    number += 1;
    if (number >= range.from) yield { number, label: null, blocks: toBlocks(slice, number) };
    if (number >= range.to) return;
  }
}
