import { getResponse, presentView } from '../../protocols/openai/responses/get-response.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';
import { sendJson } from '../send-json.ts';
import { sendEvents } from '../sse/send-events.ts';

const pollAfterMs = 1_000;

/** A stored response; with `stream` the events of one in the background, those before `starting_after` left out. */
export function getResponseRoute(api: Api): Route {
  return route(getResponse, async ({ ctx, call, params, query }) => {
    if (query.stream) {
      const after = query.starting_after ?? -1;
      return sendEvents(ctx, api, (signal) => follow(params.id, after, signal), call);
    }
    const view = await api.verbs.getResponse(params, call);
    // A header that the official clients' poll helpers go by.
    if (view.isOpen) ctx.set('openai-poll-after-ms', String(pollAfterMs));
    sendJson(ctx, 200, presentView(view, query));

    async function* follow(id: string, afterSequence: number, signal: AbortSignal) {
      for await (const event of api.verbs.followResponse({ id }, { ...call, signal })) {
        if (event.sequence_number > afterSequence) yield event;
      }
    }
  });
}
