/** `{ 'metadata[team]': 'a' }` -> `{ metadata: { team: 'a' } }`; other names stay as they are. */
export function nestBrackets(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query;
  const nested: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    const [, group, key] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name) ?? [];
    if (group === undefined || key === undefined) nested[name] = value;
    else nested[group] = Object.fromEntries([...Object.entries(nested[group] ?? {}), [key, value]]);
  }
  return nested;
}
