import type { Next } from 'koa';
import type { Context } from '../context.ts';

/**
 * A request that was refused half-way is read to its end and thrown away, for a while: a client that is still sending
 * does not see the refusal when the socket is closed under it.
 */
export function discardUnread(lingerMs: number) {
  return async function discardUnread(ctx: Context, next: Next): Promise<void> {
    ctx.res.once('finish', () => {
      if (ctx.req.complete) return;
      const timer = setTimeout(() => ctx.req.destroy(), lingerMs);
      ctx.req.once('close', () => clearTimeout(timer));
      ctx.req.resume();
    });
    await next();
  };
}
