import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getDocumentContent } from '../../protocols/opengate/documents/get-document-content.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';
import { rejoin, unlessCallerLeft } from '../send-stream.ts';

/** A document's Markdown as it is put together, whatever its length. */
export function getDocumentContentRoute(api: Api): Route {
  return route({ ...getDocumentContent, mediaType: 'text/markdown' }, async ({ ctx, call, params }) => {
    const pieces = api.verbs.readMarkdown({ id: params.document_id }, call)[Symbol.asyncIterator]();
    // The first piece tells whether there is such a document, while an error can still be answered.
    const first = await pieces.next();
    ctx.set('Content-Type', 'text/markdown; charset=utf-8');
    ctx.status = 200;
    ctx.respond = false;
    ctx.res.flushHeaders();
    if (ctx.method === 'HEAD') {
      await pieces.return?.();
      ctx.res.end();
      return;
    }
    await pipeline(Readable.from(rejoin(first, pieces)), ctx.res).catch(unlessCallerLeft);
  });
}
