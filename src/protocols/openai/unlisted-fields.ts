type Fields = Readonly<Record<string, unknown>>;

/** Fields of parts that are for the upstream alone and name nothing that it would fetch. */
export const marksOfParts = ['cache_control', 'prompt_cache_breakpoint'] as const;

/** The paths of the fields that say something and are not in `listed`. */
export function unlistedFields(value: object, listed: ReadonlySet<string>, path: string): string[] {
  const fields = value as Fields;
  const names = Object.keys(fields).filter((name) => !listed.has(name) && fields[name] !== null);
  return names.map((name) => `${path}.${name}`);
}

/**
 * A name as servers written in Go read it, for which `Messages` is `messages`, and so with some letters that are none
 * of ASCII.
 */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
