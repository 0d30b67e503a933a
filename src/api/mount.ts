import Router from '@koa/router';
import type { Next } from 'koa';
import { type Endpoint, type Operation, operationName } from '../core/endpoint.ts';
import { validateRequest } from '../core/validation/validate-request.ts';
import { readRequest } from './body/read-request.ts';
import { unlessRefused } from './body/unless-refused.ts';
import { callOf } from './call.ts';
import type { Api, MatchedContext, RequestState } from './context.ts';
import { createEndpointHandler } from './doors/call-endpoint.ts';
import { authentication } from './middleware/authentication.ts';
import type { Route } from './route.ts';
import { routerPath, specificity } from './route-path.ts';

type Serve = (ctx: MatchedContext) => Promise<void>;

/** From declarations to routes. What is fixed in a path comes before what is a parameter, whatever the order here. */
export function mount(endpoints: readonly Endpoint[], routes: readonly Route[], api: Api) {
  const router = new Router<RequestState>({ sensitive: true });
  const call = createEndpointHandler(api);
  const authenticate = authentication(api);
  /** By method and path: a path without parameters need not be searched for. */
  const fixed = new Map<string, Serve>();
  const mounted = [
    ...endpoints.map((endpoint) => ({ operation: endpoint as Operation, handle: handleEndpoint(endpoint, call) })),
    ...routes.map((route) => ({ operation: route as Operation, handle: handleRoute(route, api) })),
  ];
  mounted.sort((a, b) => (specificity(a.operation.path) < specificity(b.operation.path) ? -1 : 1));
  for (const { operation, handle } of mounted) {
    const serve: Serve = (ctx) => {
      ctx.state.operation = operation;
      return authenticate(ctx, () => handle(ctx));
    };
    router.register(routerPath(operation.path), [operation.method], serve, { name: operationName(operation) });
    if (!operation.path.includes(':')) fixed.set(`${operation.method} ${operation.path}`, serve);
  }
  const search = router.routes();
  return async function route(ctx: MatchedContext, next: Next): Promise<void> {
    const serve = fixed.get(`${ctx.method} ${ctx.path}`);
    if (serve === undefined) return search(ctx, next);
    ctx.params = {};
    await serve(ctx);
  };
}

function handleEndpoint(endpoint: Endpoint, call: ReturnType<typeof createEndpointHandler>) {
  return (ctx: MatchedContext) => call(ctx, endpoint);
}

function handleRoute(route: Route, api: Api) {
  const reader = { settings: api.settings, verbs: api.verbs };
  return async function handleRoute(ctx: MatchedContext): Promise<void> {
    const call = callOf(ctx, api.log);
    route.checkHeaders?.(ctx.req);
    const raw = await readRequest(ctx, route, reader, call);
    const request = await unlessRefused(Object.values(raw.files), api.verbs, call, () =>
      validateRequest(route, route.decode?.(raw) ?? raw),
    );
    const { params, query, body, files } = request;
    await route.handle({ ctx, call, params, query, body, files });
  };
}
