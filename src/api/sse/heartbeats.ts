export interface Heartbeats {
  /** Calls `beat` at every interval until the returned function is called. */
  add(beat: () => void): () => void;
}

/** One timer for all streams of the process that must not fall silent: proxies cut what is silent for long. */
export function createHeartbeats(intervalMs: number): Heartbeats {
  const beats = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;

  function stop(): void {
    if (beats.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    add(beat) {
      beats.add(beat);
      timer ??= setInterval(() => {
        for (const each of beats) each();
      }, intervalMs).unref();
      return () => {
        beats.delete(beat);
        stop();
      };
    },
  };
}
