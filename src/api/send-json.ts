import type { Context } from './context.ts';

/** A JSON answer; 204 has no body. Koa would take `null` for no answer, and a string for plain text. */
export function sendJson(ctx: Context, statusCode: number, body: unknown): void {
  ctx.status = statusCode;
  if (statusCode === 204) return;
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = JSON.stringify(body);
}
