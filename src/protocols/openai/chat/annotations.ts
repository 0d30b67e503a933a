import { z } from 'zod';
import type { Annotation } from '../../../core/chat/parts.ts';

export const annotationSchema = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({ url: z.string(), title: z.string(), start_index: z.int(), end_index: z.int() }),
});

/** `before` is the length of the text that stands before the block's in the message. */
export function presentAnnotation({ url, title, start, end }: Annotation, before: number) {
  return {
    type: 'url_citation' as const,
    url_citation: { url, title: title ?? '', start_index: before + start, end_index: before + end },
  };
}
