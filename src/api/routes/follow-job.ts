import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTerminal } from '../../core/job.ts';
import { followJob } from '../../protocols/jobs/follow-job.ts';
import { presentEvent } from '../../protocols/jobs/present-event.ts';
import type { Api, Context } from '../context.ts';
import { type Route, route } from '../route.ts';

const headers = { 'Last-Event-ID': 'Answers the events after this one.' };

/**
 * A job's events, live until the terminal one. A reader that reconnects behind it gets 204, which tells a browser's
 * EventSource to stop.
 */
export function followJobRoute(api: Api): Route {
  return route({ ...followJob, headers, mediaType: 'text/event-stream' }, async ({ ctx, call, params, query }) => {
    const afterSequence = lastEventId(ctx) ?? query.starting_after;
    if (await isOver(api, params, afterSequence, call)) {
      ctx.status = 204;
      return;
    }
    // One who has left meanwhile is told of by no event any more.
    call.signal.throwIfAborted();
    ctx.respond = false;
    const stream = api.streams.start(ctx.res, afterSequence === 0 ? null : String(afterSequence));
    if (ctx.method === 'HEAD' || api.draining.aborted) return stream.end();
    const events = api.verbs.followJob({ id: params.id, afterSequence }, { ...call, signal: stream.signal });
    try {
      for await (const event of events) {
        await stream.send({ id: String(event.sequence), event: event.type, data: presentEvent(event) });
        if (stream.signal.aborted) return;
      }
    } catch (error) {
      // A reader that went away is the ordinary end of a stream.
      if (!stream.signal.aborted) throw error;
    }
    stream.end();
  });
}

/** Whether nothing is to come. A function of its own: no reader keeps the job for as long as it reads. */
async function isOver(api: Api, params: { id: string }, afterSequence: number, call: Call): Promise<boolean> {
  const { status, lastSequence } = await api.verbs.getJob(params, call);
  return isTerminal(status) && afterSequence >= lastSequence;
}

/** Set by a browser that reconnects with the address it first had: newer than the query. */
function lastEventId(ctx: Context): number | null {
  const id = ctx.get('last-event-id');
  if (id === '') return null;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new GatewayError('invalid_request', `Last-Event-ID must be a sequence number, got '${id.slice(0, 60)}'.`, {
    param: 'Last-Event-ID',
  });
}
