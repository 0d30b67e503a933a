import type { Next } from 'koa';
import type { Context } from '../context.ts';

/** Answers are private to their caller, and never anything but what their content type says. */
export function responseHeaders(leaving: AbortSignal) {
  return async function responseHeaders(ctx: Context, next: Next): Promise<void> {
    ctx.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    // A kept connection would hold the process up until its reader lets go of it.
    if (leaving.aborted) ctx.set('Connection', 'close');
    await next();
  };
}
