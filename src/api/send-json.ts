import type { Context } from './context.ts';

const mediaType = 'application/json; charset=utf-8';

/** A JSON answer; 204 has no body. Koa would take `null` for no answer, and a string for plain text. */
export function sendJson(ctx: Context, statusCode: number, body: unknown): void {
  ctx.status = statusCode;
  if (statusCode === 204) return;
  ctx.set('Content-Type', mediaType);
  ctx.body = JSON.stringify(body);
}

/** JSON that somebody else has written. */
export function sendJsonBytes(ctx: Context, statusCode: number, bytes: Uint8Array): void {
  ctx.status = statusCode;
  ctx.set('Content-Type', mediaType);
  ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
