import { GatewayError } from '../../core/errors.ts';

export interface TurnstileSettings {
  maxRunning: number;
  /** More than that are turned away with `overloaded`. */
  maxWaiting: number;
}

/** Lets `maxRunning` tasks run at once; the others wait in order. */
export function createTurnstile(settings: TurnstileSettings) {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < settings.maxRunning) {
      running += 1;
      return;
    }
    if (waiting.length >= settings.maxWaiting) {
      throw new GatewayError('overloaded', 'Too many sign-ins at once. Please try again.', { retryAfterMs: 1_000 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** The place passes straight to the next in line, so that nobody overtakes. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return async function pass<Result>(task: () => Promise<Result>): Promise<Result> {
    await enter();
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
