import type { ServerResponse } from 'node:http';
import type { Call } from '../../core/call.ts';
import type { Api, Context } from '../context.ts';
import { openAnswerStream } from './answer-stream.ts';

/**
 * Sends events that are kept, and those still to come, until the last. Their reader can ask for them again: when the
 * server stops, or they cannot be read, the connection is cut, so that no reader takes it for the end.
 */
export async function sendEvents(
  ctx: Context,
  api: Api,
  follow: (signal: AbortSignal) => AsyncIterable<{ type: string }>,
  call: Call,
): Promise<void> {
  const events = follow(AbortSignal.any([call.signal, api.draining]))[Symbol.asyncIterator]();
  // Until the first is there, a failure has a status of its own.
  const first = await events.next();
  if (call.signal.aborted) {
    await events.return?.();
    throw call.signal.reason;
  }
  ctx.respond = false;
  const stream = openAnswerStream(ctx.res, 'sse', api.heartbeats);
  if (ctx.method === 'HEAD') {
    await events.return?.();
    return stream.end();
  }
  try {
    for (let next = first; next.done !== true; next = await events.next()) {
      await stream.send([{ event: next.value.type, data: next.value }]);
    }
    if (!api.draining.aborted) return stream.end();
  } catch (thrown) {
    if (!call.signal.aborted) call.log.warn({ err: thrown }, 'events cannot be followed any further');
  } finally {
    await events.return?.();
  }
  cut(ctx.res);
}

/** Breaks the connection, after what was written has left. A reader that has stalled is not waited for. */
function cut(res: ServerResponse): void {
  if (res.writableNeedDrain) res.destroy();
  else res.write('', () => res.destroy());
}
