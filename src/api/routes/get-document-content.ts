import { getDocumentContent } from '../../protocols/opengate/documents/get-document-content.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';
import { sendStream } from '../send-stream.ts';

/** A document's Markdown as it is put together, whatever its length. */
export function getDocumentContentRoute(api: Api): Route {
  return route({ ...getDocumentContent, mediaType: 'text/markdown' }, async ({ ctx, call, params }) => {
    ctx.set('Content-Type', 'text/markdown; charset=utf-8');
    ctx.status = 200;
    await sendStream(ctx, api.verbs.readMarkdown({ id: params.document_id }, call));
  });
}
