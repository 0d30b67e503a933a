/**
 * What lines that are called hold of a process's memory, roughly: enough that many heavy ones do not come together.
 */

/** What all lines that one process calls at once may hold. */
export const maxHeldBytes = 128 * 1024 * 1024;

/** As bytes, as text, as values, and as the text that is sent. */
const copiesOfLine = 4;
/** Of a model that does not say. */
const usualDimensions = 1_536;
/** As a number, and as some twenty digits in the text of the answer and in the bytes that are kept of it. */
const bytesPerDimension = 50;

export function bytesOfLines(lines: readonly { bytes: Uint8Array }[]): number {
  return copiesOfLine * lines.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

export function bytesOfVectors(count: number, dimensions: number | null): number {
  return count * (dimensions ?? usualDimensions) * bytesPerDimension;
}
