import type { Media } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';

/** An http(s) address or a data URL in base64. Throws `invalid_request` that names `param`. */
export function toMedia(url: string, param: string): Media {
  if (isAddress(url)) return { kind: 'url', url };
  const comma = url.indexOf(',');
  const [, mediaType] = /^data:([^;,]+)(?:;[^;,]+)*;base64$/i.exec(url.slice(0, Math.max(comma, 0))) ?? [];
  assertThat(
    mediaType !== undefined && comma + 1 < url.length,
    'invalid_request',
    `${param}: Expected an http(s) address or a data URL such as 'data:image/png;base64,…'.`,
    { param },
  );
  return { kind: 'data', mediaType: mediaType.toLowerCase(), data: withoutLineBreaks(url.slice(comma + 1)) };
}

export function isAddress(url: string): boolean {
  return /^https?:\/\//i.test(url.slice(0, 8));
}

/** Looks first: these texts are long, and hardly ever broken into lines. */
export function withoutLineBreaks(base64: string): string {
  return base64.includes('\n') ? base64.replaceAll(/[\r\n]/g, '') : base64;
}
