import { median } from './geometry.ts';
import type { PositionedPage, Word } from './page.ts';
import { rowsOf } from './segment.ts';
import { textOf } from './text.ts';

/** A line near the top or bottom of a page: a running head or foot if other pages have it too. */
export interface EdgeLine {
  edge: 'top' | 'bottom';
  /** Its text with every number replaced, so that page numbers do not make it another. */
  key: string;
  baseline: number;
  size: number;
  words: readonly Word[];
  /** Distance to the next line towards the middle of the page, in ems; Infinity where there is none. */
  distance: number;
}

/** Share of the page's height in which a head or foot may stand, and of how many lines it may be made. */
const zone = 0.12;
const maxLines = 3;
/** Ems between the last line of a head and the text: it stands apart. */
const apart = 1.6;

const pageNumber =
  /^[\s\-–—[(|]*(?:(?:page|p\.|seite|página|pagina)\s*)?(?:\d{1,3}|[ivxlc]{1,6})(?:\s*(?:[o0]f|\/|von|sur|de|di)\s*\d{1,4})?[\s\-–—\])|]*$/i;

function lineFrom(row: readonly Word[], edge: EdgeLine['edge'], inner: readonly Word[] | undefined): EdgeLine {
  const size = median(row.map((word) => word.size));
  const baseline = row[0]?.baseline ?? 0;
  const distance = inner === undefined ? Infinity : Math.abs((inner[0]?.baseline ?? 0) - baseline) / Math.max(1, size);
  const key = textOf(row).toLowerCase().replaceAll(/\d+/g, '#');
  return { edge, key, baseline, size, words: row, distance };
}

/** The lines of a page that could be its head or foot, from the edge inwards. */
export function edgeLines(page: PositionedPage): EdgeLine[] {
  const rows = rowsOf(page.words);
  const inZone = (row: readonly Word[], edge: EdgeLine['edge']): boolean => {
    const baseline = row[0]?.baseline ?? 0;
    return edge === 'top' ? baseline <= zone * page.height : baseline >= (1 - zone) * page.height;
  };
  const top = rows.slice(0, maxLines).filter((row) => inZone(row, 'top'));
  const bottom = rows.slice(-maxLines).filter((row) => inZone(row, 'bottom') && !top.includes(row));
  return [
    ...top.map((row) => lineFrom(row, 'top', rows[rows.indexOf(row) + 1])),
    ...bottom.reverse().map((row) => lineFrom(row, 'bottom', rows[rows.indexOf(row) - 1])),
  ];
}

const repeats = (line: EdgeLine, other: EdgeLine): boolean =>
  other.edge === line.edge && other.key === line.key && Math.abs(other.baseline - line.baseline) <= line.size;

/** A page number needs no other page to be one. A year at the foot of a title page is none. */
const isPageNumber = (line: EdgeLine): boolean => line.distance >= apart && pageNumber.test(textOf(line.words));

/** The edge lines of another page, and how many pages it is after the one in question. */
export interface Neighbour {
  offset: number;
  lines: readonly EdgeLine[];
}

const numbersAtEnds = (line: EdgeLine): number[] =>
  [/^\s*(\d{1,4})\b/, /\b(\d{1,4})\s*$/].flatMap((pattern) => pattern.exec(textOf(line.words))?.[1] ?? []).map(Number);

/** A head whose text changes, but whose number counts the pages. */
const counts = (line: EdgeLine, other: EdgeLine, offset: number): boolean =>
  other.edge === line.edge &&
  Math.abs(other.baseline - line.baseline) <= line.size &&
  numbersAtEnds(line).some((number) => numbersAtEnds(other).includes(number + offset));

/** Of one edge, from the edge inwards: the lines that recur, if the innermost of them stands apart from the text. */
function recurring(lines: readonly EdgeLine[], neighbours: readonly Neighbour[]): EdgeLine[] {
  const needed = Math.min(2, neighbours.length);
  if (needed === 0) return [];
  const found = lines.filter(
    (line) =>
      neighbours.filter(({ offset, lines: others }) =>
        others.some((other) => repeats(line, other) || counts(line, other, offset)),
      ).length >= needed,
  );
  while (found.length > 0 && (found.at(-1)?.distance ?? 0) < apart) found.pop();
  return found;
}

/**
 * The words of running heads, running feet and page numbers. `neighbours` are the pages around; they must be chosen by the place of the page in its document alone.
 */
export function furnitureOf(lines: readonly EdgeLine[], neighbours: readonly Neighbour[]): Set<Word> {
  const furniture = new Set<Word>();
  for (const edge of ['top', 'bottom'] as const) {
    const own = lines.filter((line) => line.edge === edge);
    const found = recurring(own, neighbours);
    const outermost = own.find((line) => !found.includes(line));
    if (outermost !== undefined && isPageNumber(outermost)) {
      const outside = own.slice(0, own.indexOf(outermost));
      if (outside.every((line) => found.includes(line))) found.push(outermost);
    }
    for (const line of found) for (const word of line.words) furniture.add(word);
  }
  return furniture;
}

/** A page that has nothing else keeps its furniture. */
export function withoutWords(page: PositionedPage, words: ReadonlySet<Word>): PositionedPage {
  const kept = page.words.filter((word) => !words.has(word));
  return kept.length === 0 ? page : { ...page, words: kept };
}
