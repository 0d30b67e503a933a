export interface Heartbeats {
  /**
   * Calls `beat` twice in every interval of silence that is allowed, until the returned function is called. Whoever
   * writes at a beat if nothing was written since the one before is never silent for longer.
   */
  add(beat: () => void): () => void;
}

/** Beats that fall due together: thousands in one turn would hold everybody else up. */
const groupEveryMs = 100;

/** One timer for all streams of the process that must not fall silent: proxies cut what is silent for long. */
export function createHeartbeats(maxSilenceMs: number): Heartbeats {
  const intervalMs = maxSilenceMs / 2;
  const count = Math.max(1, Math.floor(intervalMs / groupEveryMs));
  const groups = Array.from({ length: count }, () => new Set<() => void>());
  let current = 0;
  let size = 0;
  let timer: NodeJS.Timeout | null = null;

  const groupNow = () => groups[current] as Set<() => void>;

  function tick(): void {
    current = (current + 1) % count;
    for (const beat of groupNow()) beat();
  }

  function remove(group: Set<() => void>, beat: () => void): void {
    if (!group.delete(beat)) return;
    size -= 1;
    if (size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    add(beat) {
      // The group whose turn it was last comes again after a whole interval.
      const group = groupNow();
      group.add(beat);
      size += 1;
      timer ??= setInterval(tick, intervalMs / count).unref();
      return () => remove(group, beat);
    },
  };
}
