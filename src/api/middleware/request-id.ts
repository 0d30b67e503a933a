import { randomUUID } from 'node:crypto';
import type { Next } from 'koa';
import type { Context } from '../context.ts';

const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Every answer, log line and job names the request: by the id the caller chose, if it is a sound one, or by ours. */
export function requestId() {
  return async function requestId(ctx: Context, next: Next): Promise<void> {
    const given = ctx.get('x-request-id');
    ctx.state.requestId = acceptable.test(given) ? given : `req_${randomUUID()}`;
    ctx.set('x-request-id', ctx.state.requestId);
    await next();
  };
}
