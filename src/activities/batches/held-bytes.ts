/**
 * What lines that are called hold of a process's memory, roughly: enough that many heavy ones do not come together.
 */

/** What all lines that one process calls at once may hold. */
export const maxHeldBytes = 128 * 1024 * 1024;

/** As bytes, as text, as values, and as the text that is sent. */
const copiesOfLine = 4;
/** Where the model decides. */
const usualDimensions = 1_536;
/** No model has more. */
const mostDimensions = 16_384;
/** As a number, and as some twenty digits in the text of the answer and in the bytes that are kept of it. */
const bytesPerDimension = 50;

export function bytesOfLines(lines: readonly { bytes: Uint8Array }[]): number {
  return copiesOfLine * lines.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

/** `dimensions` is what a caller wrote, whatever that is. */
export function bytesOfVectors(count: number, dimensions: unknown): number {
  const isSaid = typeof dimensions === 'number' && dimensions >= 1 && dimensions <= mostDimensions;
  return count * (isSaid ? dimensions : usualDimensions) * bytesPerDimension;
}
