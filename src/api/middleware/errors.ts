import type { Next } from 'koa';
import type { Logger } from '../../core/call.ts';
import type { Dialect, RenderedError } from '../../core/endpoint.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Api, Context } from '../context.ts';
import { dialectOf } from '../dialect-of.ts';
import { renderFor } from '../render-for.ts';

/** Headers that described the answer which did not come about. */
const ofTheAnswer = ['ETag', 'Accept-Ranges', 'Content-Range', 'Content-Length'];

/** For longer the official clients do not wait: they would ask again almost at once. */
const maxClientWaitMs = 60_000;

/** Answers whatever was thrown, in the shape that the caller's dialect or `Accept` header asks for. */
export function errors({ dialects, log }: Pick<Api, 'dialects' | 'log'>) {
  return async function errors(ctx: Context, next: Next): Promise<void> {
    try {
      await next();
    } catch (thrown) {
      const error = ctx.res.closed && !ctx.headerSent ? callerGone(thrown) : toGatewayError(thrown);
      ctx.state.errorCode = error.code;
      report(error, ctx.state.requestId, log);
      // Half an answer cannot be taken back; a cut connection at least does not look like a whole one.
      if (ctx.headerSent || ctx.res.closed) ctx.res.destroy();
      else send(ctx, error, renderFor(dialectAt(ctx, dialects), ctx.get('accept'), error, ctx.state.requestId));
    }
  };
}

/** What a caller can only be told in general goes to the log in full. */
function report(error: GatewayError, requestId: string, log: Logger): void {
  const fields = { err: error.cause ?? error, code: error.code, requestId };
  if (error.code === 'internal_error') log.error(fields, 'unexpected error');
  else if (error.status >= 500 && error.cause !== undefined) log.warn(fields, 'request failed');
}

/** Whatever broke while nobody was listening any more broke because of that. */
function callerGone(cause: unknown): GatewayError {
  return new GatewayError('client_closed_request', 'The client closed the connection.', { cause });
}

function dialectAt(ctx: Context, dialects: Api['dialects']): Dialect {
  return ctx.state.dialect ?? dialectOf(ctx.path, dialects);
}

function send(ctx: Context, error: GatewayError, { status, headers, body }: RenderedError): void {
  ctx.respond = true;
  ctx.status = status;
  for (const name of ofTheAnswer) ctx.remove(name);
  if (error.retryAfterMs !== null) {
    ctx.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    ctx.set('retry-after-ms', String(Math.ceil(error.retryAfterMs)));
  }
  if (isTriedAgain(status) && !isWorthAnother(error)) ctx.set('x-should-retry', 'false');
  if (error.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.set(headers);
  ctx.body = JSON.stringify(body);
}

/** What the official clients try again by themselves, unless `x-should-retry` tells them that it is of no use. */
function isTriedAgain(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function isWorthAnother({ retryable, retryAfterMs }: GatewayError): boolean {
  return retryable && (retryAfterMs ?? 0) <= maxClientWaitMs;
}
