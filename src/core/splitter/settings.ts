/** How a caller wants a document cut, as the specification's form fields say it. Sizes are Unicode code points. */
export interface SplitterSettings {
  chunkSize: number;
  chunkMinSize: number;
  chunkOverlap: number;
  /** Tried in order; empty means the preset's. */
  separators: readonly string[];
  /** Applies to `separators` only; presets are always regular expressions. */
  isSeparatorRegex: boolean;
  /** Name of a list in `presets.ts`. */
  preset: string;
  /** One chunk, whatever its length. */
  disableChunking: boolean;
}
