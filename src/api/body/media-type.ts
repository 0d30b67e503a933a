import type { IncomingMessage } from 'node:http';

/** `application/json` of `Application/JSON; charset=utf-8`; null when the request names none. */
export function mediaTypeOf(req: IncomingMessage): string | null {
  const [type = ''] = (req.headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase() || null;
}

export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || /^application\/[\w.-]+\+json$/.test(mediaType);
}

export function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}
