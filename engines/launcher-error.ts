/** Another launcher holds the lock. */
export const exitCodeBusy = 3;

/** A failure that a person can act on: the message says what happened, the remedy what to do. Shown without a stack. */
export class LauncherError extends Error {
  override readonly name = 'LauncherError';
  readonly remedy: string;
  readonly exitCode: number;

  constructor(message: string, remedy: string, options: { cause?: unknown; exitCode?: number } = {}) {
    super(message, { cause: options.cause });
    this.remedy = remedy;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** What a command line prints of a failure: a sentence and what to do, or the stack of a defect of ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof LauncherError) return `${error.message}\n${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs a command's body; its failure is printed and becomes the exit code. */
export async function runMain(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`\n${describeFailure(error)}\n`);
    process.exitCode = error instanceof LauncherError ? error.exitCode : 1;
  }
}
