import { type Box, centreX, quantile } from './geometry.ts';
import type { Line } from './line.ts';
import { markerOf } from './list-marker.ts';
import { separatorLine } from './markdown.ts';
import type { DocumentStyle } from './style.ts';
import { endsEarly, isContents } from './wrapping.ts';

/** Shares of an em. */
const indent = 0.8;
const sameEdge = 0.4;
const sameSize = 0.08;
/** A gap between lines this many times the usual pitch separates paragraphs. */
const paragraphPitch = 1.15;
/** Code has empty lines within it. */
const codePitch = 2.6;

/** Text of another size than the body may be set wider or closer: its own usual distance counts, if it shows one. */
function pitchOf(lines: readonly Line[], style: DocumentStyle): number {
  const own = lines.slice(1).flatMap((line, index) => {
    const above = lines[index] ?? line;
    const pitch = (line.baseline - above.baseline) / line.size;
    return Math.abs(line.size - above.size) < sameSize * line.size && pitch > 0.8 && pitch < 2.8 ? [pitch] : [];
  });
  return own.length < 2 ? style.linePitch : Math.min(style.linePitch, quantile(own, 0.35));
}

const isCentred = (a: Line, b: Line): boolean =>
  Math.abs(centreX(a) - centreX(b)) < sameEdge * a.size && Math.abs(a.left - b.left) > sameEdge * a.size;

/** A marker begins an item when it is unmistakable, when the line before ended early, or when it counts on. */
function startsItem(line: Line, group: readonly Line[], column: Pick<Box, 'left' | 'right'>): boolean {
  const marker = markerOf(line.text);
  const [first, last] = [group[0], group.at(-1)];
  if (marker === null || first === undefined || last === undefined) return false;
  if (marker.number === null && /^[^\p{L}\p{N}–—*-]/u.test(line.text)) return true;
  const before = markerOf(first.text);
  if (before !== null && Math.abs(first.left - line.left) < indent * line.size) {
    if (marker.number === null && before.number === null) return true;
    if (marker.number !== null && before.number !== null) return marker.number === before.number + 1;
  }
  return endsEarly(last, line, column);
}

/** Whether the edge of a line shows that a paragraph begins with it. */
function breaksByIndent(line: Line, group: readonly Line[], column: Pick<Box, 'left' | 'right'>): boolean {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined || isCentred(last, line) || isContents(line.text)) return false;
  if (markerOf(first.text) !== null && line.left < first.left - sameEdge * line.size) return true;
  const shift = (line.left - last.left) / line.size;
  if (shift > indent) {
    const before = group.at(-2);
    const opening = before === undefined || endsEarly(before, last, column);
    const hangs = opening && last.words.some((word) => Math.abs(word.left - line.left) < sameEdge * line.size);
    return !hangs && (!opening || endsEarly(last, line, column));
  }
  return shift < -indent && group.length > 1;
}

function startsGroup(
  line: Line,
  group: readonly Line[],
  column: Pick<Box, 'left' | 'right'>,
  pitch: number,
  monospacedBody: boolean,
): boolean {
  const last = group.at(-1);
  if (last === undefined) return true;
  const em = Math.max(line.size, last.size);
  if (line.monospaced && last.monospaced && !monospacedBody) return line.baseline - last.baseline > codePitch * em;
  if (line.baseline - last.baseline > (paragraphPitch * pitch + 0.03) * em) return true;
  if (Math.abs(line.size - last.size) > sameSize * em || line.monospaced !== last.monospaced) return true;
  if (separatorLine.test(line.text) || separatorLine.test(last.text)) return true;
  if (line.bold !== last.bold && endsEarly(last, line, column)) return true;
  return startsItem(line, group, column) || breaksByIndent(line, group, column);
}

/** Puts the lines of a column together that are one paragraph, heading or list item. */
export function groupLines(
  lines: readonly Line[],
  column: Pick<Box, 'left' | 'right'>,
  style: DocumentStyle,
): Line[][] {
  const pitch = pitchOf(lines, style);
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    if (group === undefined || startsGroup(line, group, column, pitch, style.monospacedBody)) groups.push([line]);
    else group.push(line);
  }
  return groups;
}
