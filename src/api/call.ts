import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { anonymous } from '../core/access.ts';
import type { Call, Logger, Served } from '../core/call.ts';
import { operationName } from '../core/endpoint.ts';
import { GatewayError } from '../core/errors.ts';
import { ignoredHeader, servedHeaders } from '../core/served.ts';
import type { Context } from './context.ts';

/** An inline call on behalf of the request. Its steps have no retries, so its key is new every time. */
export function callOf(ctx: Context, log: Logger): Call {
  return {
    principal: ctx.state.principal ?? anonymous,
    requestId: ctx.state.requestId,
    signal: signalOf(ctx.res),
    attempt: 1,
    idempotencyKey: randomUUID(),
    progress: () => undefined,
    served: (by) => announce(ctx, by),
    operation: ctx.state.operation ? operationName(ctx.state.operation) : null,
    log: withRequestId(log, ctx.state.requestId),
  };
}

const signals = new WeakMap<ServerResponse, AbortSignal>();

/** Aborts when the caller goes away before the answer is complete. One per request, however many calls it makes. */
function signalOf(res: ServerResponse): AbortSignal {
  const known = signals.get(res);
  if (known) return known;
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) {
      controller.abort(new GatewayError('client_closed_request', 'The client closed the connection.'));
    }
  });
  signals.set(res, controller.signal);
  return controller.signal;
}

function withRequestId(log: Logger, requestId: string): Logger {
  return {
    debug: (fields, message) => log.debug({ requestId, ...fields }, message),
    info: (fields, message) => log.info({ requestId, ...fields }, message),
    warn: (fields, message) => log.warn({ requestId, ...fields }, message),
    error: (fields, message) => log.error({ requestId, ...fields }, message),
  };
}

/** Headers that are gone cannot be added to. */
function announce({ res, state }: Context, by: Served): void {
  if (res.headersSent) return;
  const ignored = [...(state.ignoredHeaders ?? []), ...by.ignored];
  for (const [name, value] of Object.entries(servedHeaders({ ...by, ignored }))) res.setHeader(name, value);
}

/** Tells the caller that a header of the request has no effect, beside the fields of which that is true. */
export function ignoreHeader(ctx: Context, name: string): void {
  ctx.state.ignoredHeaders = [...(ctx.state.ignoredHeaders ?? []), name];
  ctx.set(ignoredHeader, ctx.state.ignoredHeaders.join(', '));
}
