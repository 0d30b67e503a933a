/**
 * Runs `work` on every item in order, at most `limit` at a time. After the first failure, or once `signal` is aborted,
 * nothing more is begun; what was begun is waited for, and then the failure, or the reason of the abort, is thrown.
 */
export async function inLanes<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const failures: unknown[] = [];
  async function lane(): Promise<void> {
    while (failures.length === 0 && !signal.aborted) {
      const { value, done } = waiting.next();
      if (done) return;
      await work(value).catch((error: unknown) => failures.push(error));
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}

/** The same for what comes one by one; it is asked for the next item when a lane is free. */
export async function lanesOf<T>(
  items: AsyncIterable<T>,
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const coming = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  async function lane(): Promise<void> {
    while (failures.length === 0 && !signal.aborted) {
      const { value, done } = await coming.next();
      if (done) return;
      await work(value);
    }
  }
  const lanes = Array.from({ length: limit }, () => lane().catch((error: unknown) => failures.push(error)));
  await Promise.all(lanes);
  await coming.return?.();
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
