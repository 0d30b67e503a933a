import type { Next } from 'koa';
import type { Logger } from '../../core/call.ts';
import { operationName } from '../../core/endpoint.ts';
import type { Context } from '../context.ts';

/** One line per request, written when the answer has been sent or the caller has gone. */
export function accessLog(log: Logger) {
  return async function accessLog(ctx: Context, next: Next): Promise<void> {
    const startedAt = performance.now();
    ctx.res.once('close', () => {
      const { operation, principal, requestId, errorCode } = ctx.state;
      log.info(
        {
          requestId,
          operation: operation === undefined ? null : operationName(operation),
          method: ctx.method,
          url: withoutKey(ctx.url),
          status: ctx.res.writableFinished ? ctx.res.statusCode : 499,
          durationMs: Math.round(performance.now() - startedAt),
          userId: principal?.userId ?? null,
          keyId: principal?.keyId ?? null,
          ...(errorCode !== undefined && { errorCode }),
        },
        'request',
      );
    });
    await next();
  };
}

function withoutKey(url: string): string {
  return url.replace(/([?&]key=)[^&]*/g, '$1[redacted]');
}
