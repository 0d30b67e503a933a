/** What a caller asked for in `Prefer` (RFC 7240). Anything unknown or malformed in it is ignored, as that RFC wants. */
export interface Preferences {
  respondAsync: boolean;
  /** How long the caller would wait, cut to the configured maximum; null when not said. */
  waitMs: number | null;
}

const preference = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?(?:[^,"]|"(?:[^"\\]|\\.)*")*/g;

const none: Preferences = { respondAsync: false, waitMs: null };

export function parsePrefer(header: string | string[] | undefined, maxWaitMs: number): Preferences {
  if (header === undefined) return none;
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of [header ?? ''].flat().join(',').matchAll(preference)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, value.replaceAll('"', ''));
  }
  const wait = found.get('wait') ?? '';
  return {
    respondAsync: found.has('respond-async'),
    waitMs: /^\d{1,9}$/.test(wait) ? Math.min(Number(wait) * 1000, maxWaitMs) : null,
  };
}

/** The value of `Preference-Applied`; empty when nothing was. */
export function preferenceApplied(applied: Preferences): string {
  const wait = applied.waitMs === null ? [] : [`wait=${applied.waitMs / 1000}`];
  return [...(applied.respondAsync ? ['respond-async'] : []), ...wait].join(', ');
}
