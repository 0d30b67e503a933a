import type { CodePointCounter } from './code-points.ts';
import type { Span } from './split.ts';

interface MergeOptions {
  chunkSize: number;
  chunkMinSize: number;
  codePoints: CodePointCounter;
}

/**
 * Joins every span below `chunkMinSize` to a neighbour, the white space between them included. Taken is the first of
 * these that fits: with the previous span within `chunkSize`, with the next within `chunkSize`, with the previous
 * within `chunkSize + chunkMinSize`, with the next within that. A span that fits nowhere, because its neighbours could
 * not be cut or white space keeps them far off, stays as it is: text is never dropped.
 */
export function mergeShortSpans(spans: readonly Span[], options: MergeOptions): Span[] {
  const { chunkSize, chunkMinSize, codePoints } = options;
  const merged: Span[] = [];
  let carried: Span | null = null;

  for (const [index, original] of spans.entries()) {
    const span: Span = carried === null ? original : join(carried, original);
    const previous = merged.at(-1);
    const next = spans[index + 1];
    const withPrevious = previous === undefined ? null : join(previous, span);
    const before = withPrevious?.codePoints ?? Infinity;
    const after = next === undefined ? Infinity : join(span, next).codePoints;
    const limit = Math.min(before, after) <= chunkSize ? chunkSize : chunkSize + chunkMinSize;

    carried = null;
    if (span.codePoints >= chunkMinSize) merged.push(span);
    else if (withPrevious !== null && before <= limit) merged[merged.length - 1] = withPrevious;
    else if (after <= limit) carried = span;
    else merged.push(span);
  }
  return merged;

  function join(first: Span, second: Span): Span {
    return { start: first.start, end: second.end, codePoints: codePoints(first.start, second.end) };
  }
}
