import { createHash } from 'node:crypto';
import type { Context } from './context.ts';

/** The tags of an `If-None-Match` or `If-Match`, without `W/` and quotes; `*` as it is. */
export function parseTags(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
}

export function matches(header: string, tag: string): boolean {
  const tags = parseTags(header);
  return tags.includes(tag) || tags.includes('*');
}

/** Tags an answer by its content; 304 when the caller has it. */
export function tagByContent(ctx: Context, content: string): void {
  const tag = createHash('sha256').update(content).digest('hex');
  ctx.set('ETag', `"${tag}"`);
  if (matches(ctx.get('if-none-match'), tag)) ctx.status = 304;
}
