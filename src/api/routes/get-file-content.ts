import { asHeader } from '../../core/media-type.ts';
import { getFileContent } from '../../protocols/openai/files/get-file-content.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';
import { sendBlob } from '../send-blob.ts';

/** Sent as something to keep: shown in a browser, a page of somebody's would speak in our name. */
export function getFileContentRoute(api: Api): Route {
  const operation = {
    ...getFileContent,
    headers: { Range: 'One range of bytes, such as `bytes=0-1023`.' },
    mediaType: 'application/octet-stream',
  };
  return route(operation, async ({ ctx, call, params }) => {
    const { name, blob } = await api.verbs.getFile({ id: params.file_id }, call);
    ctx.set('Content-Type', asHeader(blob.mediaType));
    ctx.attachment(name);
    ctx.status = 200;
    await sendBlob(ctx, api.verbs, blob, call);
  });
}
