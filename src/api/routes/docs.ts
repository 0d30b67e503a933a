import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { GatewayError } from '../../core/errors.ts';
import type { MatchedContext } from '../context.ts';
import { type Route, route } from '../route.ts';
import { docsPage, docsScript, errorsPage } from './docs-pages.ts';

const resolve = createRequire(import.meta.url).resolve;
const shared = { method: 'GET', permission: 'public', tag: 'Server', response: z.string() } as const;

/** Everything comes from this server, and nothing in a description can run. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const mediaTypes: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'start.js': 'text/javascript; charset=utf-8',
};

const root = { ...shared, path: '/', status: 302, summary: 'Leads to the documentation' } satisfies Operation;
const docs = { ...shared, path: '/docs', summary: 'This documentation, to read and try' } satisfies Operation;
const errorDocs = { ...shared, path: '/docs/errors', summary: 'Every error code, explained' } satisfies Operation;
const asset = {
  ...shared,
  path: '/docs/:asset',
  summary: 'A file of the documentation page',
  params: z.object({ asset: z.string() }),
} satisfies Operation;

export function docsRoutes(): Route[] {
  return [
    route({ ...root, mediaType: 'text/html' }, async ({ ctx }) => ctx.redirect('/docs')),
    route({ ...docs, mediaType: 'text/html' }, async ({ ctx }) => sendPage(ctx, docsPage)),
    route({ ...errorDocs, mediaType: 'text/html' }, async ({ ctx }) => sendPage(ctx, errorsPage())),
    route({ ...asset, mediaType: 'application/octet-stream' }, async ({ ctx, params }) => {
      const mediaType = Object.hasOwn(mediaTypes, params.asset) ? mediaTypes[params.asset] : undefined;
      if (mediaType === undefined) throw new GatewayError('not_found', `There is no file '${params.asset}' here.`);
      ctx.set({ 'Content-Type': mediaType, 'Cache-Control': 'public, max-age=3600' });
      ctx.body = params.asset === 'start.js' ? docsScript : await readFile(resolve(`swagger-ui-dist/${params.asset}`));
    }),
  ];
}

function sendPage(ctx: MatchedContext, html: string): void {
  ctx.set({ 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': contentSecurityPolicy });
  ctx.body = html;
}
