/** How the program ends, for scripts; listed by `switchyard --help`. */
export const exitCodes = {
  done: 0,
  /** A job that was waited for ended otherwise than completed. */
  jobNotCompleted: 1,
  usage: 2,
  /** The server understood and said no: a 4xx. */
  refused: 3,
  /** The server cannot be reached, or answers 5xx. */
  unavailable: 4,
  /** A fault of this program. */
  internal: 70,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Record<ExitCode, string> = {
  0: 'done',
  1: 'the job that was waited for did not complete',
  2: 'wrong usage',
  3: 'the server refused the request',
  4: 'the server cannot be reached or is unavailable',
  70: 'a fault of this program',
  130: 'interrupted',
};
