/** How many Unicode code points lie in `[start, end)`, in constant time. A lone surrogate counts as one. */
export type CodePointCounter = (start: number, end: number) => number;

const surrogatePair = /[\ud800-\udbff][\udc00-\udfff]/;

export function createCodePointCounter(text: string): CodePointCounter {
  if (!surrogatePair.test(text)) return (start, end) => end - start;
  const pairsBefore = new Uint32Array(text.length + 1);
  let pairs = 0;
  for (let offset = 1; offset <= text.length; offset += 1) {
    if (splitsPair(text, offset - 1)) pairs += 1;
    pairsBefore[offset] = pairs;
  }
  return (start, end) => end - start - ((pairsBefore[end] ?? 0) - (pairsBefore[start] ?? 0));
}

/** Whether a cut at `offset` would separate the two halves of one code point. */
export function splitsPair(text: string, offset: number): boolean {
  return isUnit(text.charCodeAt(offset), 0xdc00, 0xdfff) && isUnit(text.charCodeAt(offset - 1), 0xd800, 0xdbff);
}

/** False beyond the ends of a text, where `charCodeAt` answers NaN. */
function isUnit(unit: number, from: number, to: number): boolean {
  return unit >= from && unit <= to;
}
