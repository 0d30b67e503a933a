import type { BlobRef } from '../core/blob.ts';
import type { Call } from '../core/call.ts';
import type { Verbs } from '../core/verbs.ts';
import { parseRange } from './byte-range.ts';
import type { Context } from './context.ts';
import { matches } from './etag.ts';
import { sendStream } from './send-stream.ts';

/** Streams a stored file, or the range of it that was asked for; 304 when the caller has it. */
export async function sendBlob(ctx: Context, verbs: Pick<Verbs, 'readBlob'>, blob: BlobRef, call: Call): Promise<void> {
  ctx.set({ ETag: `"${blob.sha256}"`, 'Accept-Ranges': 'bytes' });
  if (!ctx.response.get('Content-Type')) ctx.set('Content-Type', blob.mediaType);
  if (matches(ctx.get('if-none-match'), blob.sha256)) {
    ctx.status = 304;
    return;
  }
  const range = rangeOf(ctx, blob);
  if (range === 'unsatisfiable') {
    ctx.status = 416;
    ctx.set({ 'Content-Range': `bytes */${blob.bytes}`, 'Content-Length': '0' });
    ctx.remove('Content-Type');
    ctx.body = '';
    return;
  }
  if (range) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${range.from}-${range.to}/${blob.bytes}`);
  }
  ctx.set('Content-Length', String(range ? range.to - range.from + 1 : blob.bytes));
  await sendStream(ctx, verbs.readBlob({ id: blob.id, range }, call));
}

/** A range of a version that is no longer this one would be glued to the wrong half. */
function rangeOf(ctx: Context, blob: BlobRef): ReturnType<typeof parseRange> {
  const condition = ctx.get('if-range');
  if (condition !== '' && !matches(condition, blob.sha256)) return null;
  return parseRange(ctx.get('range'), blob.bytes);
}
