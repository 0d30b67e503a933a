import type { WireRequest } from '../../core/chat.ts';
import { memberSpans, type Span } from './json-members.ts';

/**
 * The caller's bytes with the upstream's name of the model in them, and nothing else changed, but that a stream is
 * asked for its usage: calls are accounted for by it, whether the caller wants to see it or not.
 */
export function rewriteRequest(wire: WireRequest, modelName: string): Uint8Array {
  const bytes = Buffer.from(wire.bytes.buffer, wire.bytes.byteOffset, wire.bytes.byteLength);
  const edits = memberSpans(bytes, 'model').map((span) => ({ ...span, text: JSON.stringify(modelName) }));
  if (wire.stream && wire.hidesUsage) edits.push(...askForUsage(bytes));
  return splice(bytes, edits);
}

interface Edit extends Span {
  text: string;
}

function askForUsage(bytes: Buffer): Edit[] {
  const spans = memberSpans(bytes, 'stream_options');
  if (spans.length === 0) {
    const behindBrace = bytes.indexOf('{') + 1;
    return [{ start: behindBrace, end: behindBrace, text: '"stream_options":{"include_usage":true},' }];
  }
  return spans.map((span) => {
    const options: unknown = JSON.parse(bytes.toString('utf8', span.start, span.end));
    const text = JSON.stringify({ ...(typeof options === 'object' && options), include_usage: true });
    return { ...span, text };
  });
}

function splice(bytes: Buffer, edits: Edit[]): Uint8Array {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    pieces.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}
