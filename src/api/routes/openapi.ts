import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { type Route, route } from '../route.ts';

const openapi = {
  method: 'GET',
  path: '/openapi.json',
  permission: 'public',
  tag: 'Server',
  summary: 'This API as OpenAPI 3.1',
  response: z.unknown(),
} satisfies Operation;

/** `render` is called once, when the document is first asked for. */
export function openApiRoute(render: () => object): Route {
  let text: string | null = null;
  return route(openapi, async ({ ctx }) => {
    text ??= JSON.stringify(render());
    ctx.set({ 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=60' });
    ctx.body = text;
  });
}
