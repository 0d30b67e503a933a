import { GatewayError } from '../../core/errors.ts';
import type { MatchedContext } from '../context.ts';

/** What no route has taken: 405 with the methods there are, their list for OPTIONS, else 404. */
export function unmatched() {
  return async function unmatched(ctx: MatchedContext): Promise<void> {
    const methods = new Set((ctx.matched ?? []).flatMap((layer) => layer.methods));
    if (methods.size === 0) {
      throw new GatewayError('not_found', `There is nothing at ${ctx.method} ${ctx.path}.`);
    }
    const allowed = [...methods, 'OPTIONS'].join(', ');
    ctx.set('Allow', allowed);
    if (ctx.method !== 'OPTIONS') {
      throw new GatewayError('method_not_allowed', `${ctx.method} is not allowed here. Allowed: ${allowed}.`);
    }
    ctx.status = 204;
  };
}
