import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from './context.ts';

/** Streams `items` as the answer whose status and headers are set. HEAD gets those alone. */
export async function sendStream(ctx: Context, items: AsyncIterable<string | Uint8Array>): Promise<void> {
  const rest = items[Symbol.asyncIterator]();
  // The first item tells whether there is anything to send, while an error can still be answered.
  const first = await rest.next();
  ctx.respond = false;
  ctx.res.flushHeaders();
  if (ctx.method === 'HEAD') {
    await rest.return?.();
    ctx.res.end();
    return;
  }
  await pipeline(Readable.from(rejoin(first, rest)), ctx.res).catch(unlessCallerLeft);
}

/** A caller who goes away in the middle is the ordinary end of a stream. */
function unlessCallerLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

async function* rejoin<Item>(first: IteratorResult<Item>, rest: AsyncIterator<Item>): AsyncGenerator<Item> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
