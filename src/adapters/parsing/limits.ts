/**
 * What one foreign file may cost. Plain data: it is sent to the child process that reads the file.
 * Every limit has a refusal that names it; time and memory are enforced from outside, by killing the child.
 */
export interface ParsingLimits {
  /** Pages of a PDF; slides and sheets of an office file. */
  maxPages: number;
  /** Width times height of an image, or of a page when it is rendered. */
  maxPixels: number;
  /** Entries in an archive, and in an office file, which is one. */
  maxArchiveEntries: number;
  /** Bytes of all entries of an archive together, counted while they inflate. */
  maxArchiveBytes: number;
  /** Inflated size over packed size, of an archive as a whole. */
  maxArchiveRatio: number;
  /** Size of a text, Markdown or CSV file. They are read as a stream. */
  maxTextBytes: number;
  /** Size of an HTML or EML file. They are read as a whole, and a tree costs many times its source. */
  maxTreeBytes: number;
  /** Elements within elements of an HTML file, MIME parts within MIME parts of a message. */
  maxDepth: number;
  /** Source bytes of one part of a long text. */
  partBytes: number;
  /** Markdown of one part, whatever the format. */
  maxPartBytes: number;
  /** Wall clock of one task: one inspection, or the extraction of one part. */
  timeoutMs: number;
  /** Processor time of one task, all its threads together; not enforced where the platform does not say. */
  maxCpuMs: number;
  /** The same of the recognition of one picture, which costs what its pixels cost, and not what a file makes it. */
  recognitionTimeoutMs: number;
  maxRecognitionCpuMs: number;
  /** Resident memory of one child process. */
  maxMemoryBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultParsingLimits: ParsingLimits = {
  maxPages: 2_000,
  maxPixels: 64_000_000,
  maxArchiveEntries: 10_000,
  maxArchiveBytes: 500 * mebibyte,
  maxArchiveRatio: 100,
  maxTextBytes: 256 * mebibyte,
  maxTreeBytes: 32 * mebibyte,
  maxDepth: 256,
  partBytes: mebibyte,
  maxPartBytes: 16 * mebibyte,
  timeoutMs: 60_000,
  maxCpuMs: 9_000,
  recognitionTimeoutMs: 300_000,
  maxRecognitionCpuMs: 90_000,
  maxMemoryBytes: 1024 * mebibyte,
};
