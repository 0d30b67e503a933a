export interface RecentSettings {
  /** Milliseconds. How old an answer may be. */
  maxAgeMs: number;
  maxEntries: number;
  now(): number;
}

export interface Recent<Value> {
  /**
   * The value of `name`, loaded at most once per `maxAgeMs` however many ask for it at once. Null is not kept. A value
   * is not kept beyond `until` either (milliseconds since the epoch).
   */
  get(name: string, load: () => Promise<Value | null>, until?: (value: Value) => number): Promise<Value | null>;
  /** What is loaded from here on is fresh, and what is on its way now is not kept. */
  clear(): void;
}

/** Answers that may be a little old, for what is asked on every call. */
export function createRecent<Value>({ maxAgeMs, maxEntries, now }: RecentSettings): Recent<Value> {
  let kept = new Map<string, { value: Value; until: number }>();
  let loading = new Map<string, Promise<Value | null>>();

  return {
    get(name, load, until = () => Number.POSITIVE_INFINITY) {
      const found = kept.get(name);
      if (found && now() < found.until) return Promise.resolve(found.value);
      const underWay = loading.get(name);
      if (underWay) return underWay;
      const [keptThen, loadingThen] = [kept, loading];
      const startedAt = now();
      const started = load()
        .then((value) => {
          if (value === null) keptThen.delete(name);
          else {
            if (keptThen.size >= maxEntries) keptThen.clear();
            keptThen.set(name, { value, until: Math.min(startedAt + maxAgeMs, until(value)) });
          }
          return value;
        })
        .finally(() => loadingThen.delete(name));
      loading.set(name, started);
      return started;
    },

    clear() {
      // Loads under way put their answers where nobody looks any more.
      kept = new Map();
      loading = new Map();
    },
  };
}
