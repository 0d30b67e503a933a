/** The tags of an `If-None-Match` or `If-Match`, without `W/` and quotes; `*` as it is. */
export function parseTags(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
}

export function matches(header: string, tag: string): boolean {
  const tags = parseTags(header);
  return tags.includes(tag) || tags.includes('*');
}
