import type { Next } from 'koa';
import { anonymous, authorise, type Principal } from '../../core/access.ts';
import type { Verbs } from '../../core/verbs.ts';
import { callOf } from '../call.ts';
import type { Api, MatchedContext } from '../context.ts';
import { credentialOf } from '../credentials.ts';

/** Who is it, and may they: both before a byte of the body is read. */
export function authentication(api: Pick<Api, 'log'> & { verbs: Pick<Verbs, 'authenticate'> }) {
  return async function authentication(ctx: MatchedContext, next: Next): Promise<void> {
    const rule = ctx.state.operation?.permission ?? 'admin';
    ctx.state.principal = rule === 'public' ? anonymous : await identify(ctx, api);
    authorise(ctx.state.principal, rule);
    await next();
  };
}

async function identify(ctx: MatchedContext, api: Parameters<typeof authentication>[0]): Promise<Principal> {
  const secret = credentialOf(ctx.req);
  return secret === null ? anonymous : api.verbs.authenticate({ secret }, callOf(ctx, api.log));
}
