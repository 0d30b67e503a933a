import type { IncomingMessage } from 'node:http';
import type { Call } from '../../core/call.ts';
import type { Operation } from '../../core/endpoint.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { parseJson } from '../../core/json/parse.ts';
import type { RawRequest } from '../../core/validation/validate-request.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { ApiSettings, MatchedContext } from '../context.ts';
import { hasBody, isJson, mediaTypeOf } from './media-type.ts';
import { readBytes } from './read-bytes.ts';
import { readForm } from './read-form.ts';
import { discardFiles } from './unless-refused.ts';

export interface Reader {
  settings: Pick<ApiSettings, 'http' | 'files'>;
  verbs: Pick<Verbs, 'storeBlob' | 'discardBlob'>;
}

type Content = Pick<RawRequest, 'body' | 'files' | 'bytes'>;

const nothing: Content = { body: undefined, files: {}, bytes: null };

/** Takes a request off the wire, as far as its declaration lets it in. Files are stored while they arrive. */
export async function readRequest(
  ctx: MatchedContext,
  operation: Operation,
  reader: Reader,
  call: Call,
): Promise<RawRequest> {
  const query = { ...ctx.query } as RawRequest['query'];
  assertThat(!Object.hasOwn(query, '__proto__'), 'invalid_request', "A query must not name '__proto__'.");
  return { params: { ...ctx.params }, query, ...(await readContent(ctx, operation, reader, call)) };
}

async function readContent(
  { req, res }: MatchedContext,
  operation: Operation,
  { settings, verbs }: Reader,
  call: Call,
): Promise<Content> {
  if (!hasBody(req)) return nothing;
  const { http } = settings;
  const mediaType = mediaTypeOf(req);
  const maxBytes = maxBodyBytes(operation, http);
  if (req.headers.expect !== undefined) res.writeContinue();
  if (operation.body === undefined && operation.files === undefined) return refuseContent(req, http);
  if (operation.files !== undefined && mediaType === 'multipart/form-data') {
    const form = await readForm(req, {
      fileFields: Object.keys(operation.files),
      limits: { ...http, maxBodyBytes: maxBytes, maxFileBytes: maxFileBytes(operation, settings) },
      store: (upload) => verbs.storeBlob(upload, call),
      discard: (files) => discardFiles(files, verbs, call),
      signal: call.signal,
    });
    return { body: form.fields, files: form.files, bytes: null };
  }
  const accepted = operation.files === undefined ? 'application/json' : 'application/json or multipart/form-data';
  assertThat(
    mediaType !== null && isJson(mediaType),
    'unsupported_media_type',
    `Content-Type must be ${accepted}, got ${mediaType === null ? 'none' : `'${mediaType}'`}.`,
  );
  const bytes = await readBytes(req, maxBytes);
  return { body: parseJson(bytes, http), files: {}, bytes };
}

function maxBodyBytes(operation: Operation, http: ApiSettings['http']): number {
  const isLarge = operation.largeBody ?? 'job' in operation;
  return isLarge ? http.maxInferenceBodyBytes : http.maxBodyBytes;
}

function maxFileBytes({ fileBound }: Operation, { http, files }: Reader['settings']): number {
  return fileBound === undefined ? http.maxFileBytes : files[fileBound];
}

/** Many clients send an empty object with every POST; anything else would be dropped without a word. */
async function refuseContent(req: IncomingMessage, http: ApiSettings['http']): Promise<Content> {
  const text = (await readBytes(req, http.maxBodyBytes)).toString().trim();
  if (text === '' || text === '{}' || text === 'null') return nothing;
  throw new GatewayError('invalid_request', 'This operation takes no body.');
}
