import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { BlobRef, BlobUpload } from '../../core/blob.ts';
import { GatewayError } from '../../core/errors.ts';
import { createFormFields, type FormFields } from './form-fields.ts';

interface FormLimits {
  maxFiles: number;
  maxFileBytes: number;
  maxFields: number;
  maxFieldBytes: number;
  /** Bound on all text fields together. */
  maxBodyBytes: number;
}

export interface Form {
  fields: FormFields;
  files: Record<string, BlobRef>;
}

export interface FormOptions {
  /** Names of the file fields; any other file is refused by name. */
  fileFields: readonly string[];
  limits: FormLimits;
  /** Takes a file while it arrives, and fails when its content does. */
  store(upload: BlobUpload): Promise<BlobRef>;
  /** Takes back files that were stored before the fault that refuses their form. */
  discard(files: readonly BlobRef[]): Promise<void>;
  signal: AbortSignal;
}

/**
 * Reads a multipart form; files go to `store` as they come and never as a whole into memory. On any fault every
 * upload under way is broken off, those already stored are discarded, and then the fault is thrown.
 */
export async function readForm(req: IncomingMessage, options: FormOptions): Promise<Form> {
  const text = createFormFields(options.limits.maxBodyBytes);
  const uploads: { name: string; upload: Promise<BlobRef> }[] = [];
  const broken = new AbortController();
  const fail = (error: unknown) => broken.abort(error);

  const parser = createParser(req, options);
  parser.on('field', (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated) return fail(fieldTooLarge(name, options.limits.maxFieldBytes));
    attempt(() => text.add(name, value), fail);
  });
  parser.on('file', (name, content, fileName, _encoding, mediaType) => {
    attempt(() => expectFile(name, options.fileFields, uploads), fail);
    const file = { mediaType, name: fileName || null };
    const upload = storeFile(content, file, options, broken.signal).catch((error) => {
      throw atField(error, name);
    });
    upload.catch(fail);
    uploads.push({ name, upload });
  });
  parser.on('filesLimit', () => fail(tooMany('files', options.limits.maxFiles)));
  parser.on('fieldsLimit', () => fail(tooMany('fields', options.limits.maxFields)));

  try {
    await pump(req, parser, AbortSignal.any([broken.signal, options.signal]));
    const files = await Promise.all(uploads.map(async ({ name, upload }) => [name, await upload] as const));
    return { fields: text.fields, files: Object.fromEntries(files) };
  } catch (error) {
    fail(error);
    const ended = await Promise.allSettled(uploads.map(({ upload }) => upload));
    await options.discard(ended.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    throw error;
  }
}

function createParser(req: IncomingMessage, { fileFields, limits }: FormOptions) {
  try {
    return new Busboy({
      headers: { 'content-type': req.headers['content-type'] ?? '' },
      limits: { files: limits.maxFiles, fields: limits.maxFields, fieldSize: limits.maxFieldBytes },
      isPartAFile: (name, _type, fileName) => fileName !== undefined || fileFields.includes(name ?? ''),
    });
  } catch (error) {
    throw malformed('The Content-Type of a multipart body must name its boundary.', error);
  }
}

/** Runs the body through the parser until it has ended, or throws the reason of `signal`. */
function pump(req: IncomingMessage, parser: InstanceType<typeof Busboy>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  parser.once('finish', resolve);
  parser.on('error', (error) => reject(malformed('The multipart body is malformed or ends too early.', error)));
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  else req.pipe(parser);
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    req.unpipe(parser);
  });
}

async function storeFile(
  content: BusboyFileStream,
  file: { mediaType: string; name: string | null },
  options: FormOptions,
  broken: AbortSignal,
): Promise<BlobRef> {
  const abort = () => content.destroy(broken.reason);
  // The parser reports a cut body on the file as well; whoever reads the content sees it, and nobody else has to.
  content.on('error', () => undefined);
  broken.addEventListener('abort', abort);
  try {
    broken.throwIfAborted();
    return await options.store({ content, ...file, maxBytes: options.limits.maxFileBytes });
  } finally {
    broken.removeEventListener('abort', abort);
  }
}

function expectFile(name: string, expected: readonly string[], uploads: readonly { name: string }[]): void {
  if (!expected.includes(name)) {
    const choice = expected.map((field) => `'${field}'`).join(', ');
    throw new GatewayError('invalid_request', `Unknown file field '${name}'. Expected ${choice}.`, { param: name });
  }
  if (uploads.some((upload) => upload.name === name)) {
    throw new GatewayError('invalid_request', `The field '${name}' takes one file, got more.`, { param: name });
  }
}

function attempt(action: () => void, fail: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    fail(error);
  }
}

/** A store does not know which field its content comes from. */
function atField(error: unknown, param: string): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'body_too_large') return error;
  return new GatewayError(error.code, error.publicMessage, { param, cause: error });
}

function fieldTooLarge(name: string, maxBytes: number): GatewayError {
  return new GatewayError('body_too_large', `The field '${name}' must not be larger than ${maxBytes} bytes.`, {
    param: name,
  });
}

function tooMany(what: string, maximum: number): GatewayError {
  return new GatewayError('body_too_large', `A form must not have more than ${maximum} ${what}.`);
}

function malformed(message: string, cause: unknown): GatewayError {
  return new GatewayError('malformed_body', message, { cause });
}
