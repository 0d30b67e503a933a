/** Asks every API process that serves for its health, again and again, and writes down what it says. */
import type { History } from './history.ts';
import type { World } from './world.ts';

const askEveryMs = 500;
const timeoutMs = 2_000;

/** Until it is told to stop. */
export function watchHealth(world: World, history: History): () => void {
  async function ask(index: number): Promise<void> {
    const process = world.apis[index];
    const pid = process?.pid();
    if (!process?.isServing()) return;
    const response = await fetch(`${world.directUrls[index]}/health`, { signal: AbortSignal.timeout(timeoutMs) }).catch(
      () => null,
    );
    // One that was killed or hung while it was asked says nothing, which is no fault of its own.
    if (process.isServing() && process.pid() === pid)
      history.add({ type: 'health', target: process.name, status: response?.status ?? 0 });
  }

  const timer = setInterval(() => {
    for (const index of world.apis.keys()) void ask(index);
  }, askEveryMs);
  return () => clearInterval(timer);
}
