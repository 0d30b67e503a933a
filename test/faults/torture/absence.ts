/** When a process or an engine did not serve: from its death, or its hanging, until it has come back and says so. */
import type { History } from './history.ts';
import type { World } from './world.ts';

const lookEveryMs = 25;

/** Writes it down as it happens, until it is told to stop. */
export function watchAbsence(world: World, history: History): () => void {
  const away = new Set<string>();

  function look(target: string, isServing: boolean): void {
    if (away.has(target) !== isServing) return;
    if (isServing) away.delete(target);
    else away.add(target);
    history.add({ type: 'away', target, phase: isServing ? 'end' : 'begin' });
  }

  const timer = setInterval(() => {
    for (const process of [...world.apis, ...world.workers]) look(process.name, process.isServing());
    for (const engine of Object.values(world.engines)) look(engine.name, engine.isRunning());
  }, lookEveryMs);
  return () => clearInterval(timer);
}
