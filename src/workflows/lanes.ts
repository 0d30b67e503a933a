import { CancellationScope } from '@temporalio/workflow';

/** Runs `work` on every item, at most `limit` at a time. The first failure cancels the others and is thrown. */
export async function lanes<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    let next = 0;
    async function lane(): Promise<void> {
      for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
    }
    const running = Array.from({ length: Math.min(limit, items.length) }, lane);
    try {
      await Promise.all(running);
    } catch (error) {
      scope.cancel();
      await Promise.allSettled(running);
      throw error;
    }
  });
}

/** `count` things as ranges of at most `size`, counted from `first`, both ends included. */
export function ranges(first: number, count: number, size: number): { from: number; to: number }[] {
  const all: { from: number; to: number }[] = [];
  for (let from = first; from < first + count; from += size) {
    all.push({ from, to: Math.min(from + size, first + count) - 1 });
  }
  return all;
}
