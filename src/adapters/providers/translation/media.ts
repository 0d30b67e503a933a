import type { Media } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';

/** A picture or file as vendors get it: stored files are read before a vendor is called. */
export function sentMedia(source: Media): Exclude<Media, { kind: 'file' }> {
  if (source.kind !== 'file') return source;
  const cause = new Error(`file ${source.id} was handed to a vendor`);
  throw new GatewayError('internal_error', 'An unexpected error occurred.', { cause });
}
