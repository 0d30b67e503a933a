import type { WireDialect } from '../../../core/chat.ts';
import { assertContentType } from '../../http/content-type.ts';
import { cutOff } from '../ask.ts';
import type { RelayCall, Relayed } from '../vendor.ts';
import type { Connection } from './connection.ts';

const operations: Record<WireDialect, string> = {
  'openai-chat': 'chat/completions',
  'openai-completions': 'completions',
  'openai-responses': 'responses',
};

const marks = (...texts: string[]) => texts.map((text) => Buffer.from(text));
/** One of them is in every complete stream. Within the text of a model their quotes are escaped. */
const endings: Record<WireDialect, readonly Buffer[]> = {
  'openai-chat': marks('data: [DONE]', '"finish_reason":"', '"finish_reason": "'),
  'openai-completions': marks('data: [DONE]', '"finish_reason":"', '"finish_reason": "'),
  'openai-responses': marks('event: response.completed', 'event: response.incomplete', 'event: response.failed'),
};
const longestMark = 32;

/** The vendor's own bytes to the caller's own bytes. */
export async function relay(connection: Connection, call: RelayCall): Promise<Relayed> {
  const answer = await connection.ask(call, operations[call.dialect], call.bytes);
  const contentType = String(answer.headers['content-type'] ?? '');
  if (!/^text\/event-stream\b/i.test(contentType)) {
    assertContentType(answer, 'json');
    return { contentType, body: answer.body };
  }
  return { contentType, body: untilComplete(answer.body, endings[call.dialect]) };
}

/** Throws at the end of a stream that said nothing of being complete. */
async function* untilComplete(
  body: AsyncIterable<Uint8Array>,
  ends: readonly Buffer[],
): AsyncGenerator<Uint8Array, void> {
  let isComplete = false;
  let before: Uint8Array = new Uint8Array();
  for await (const piece of body) {
    isComplete ||= includesAny(piece, ends) || includesAny(seam(before, piece), ends);
    before = piece;
    yield piece;
  }
  if (!isComplete) throw cutOff();
}

/** A mark may be cut by the border of two pieces. */
function seam(before: Uint8Array, after: Uint8Array): Uint8Array {
  return Buffer.concat([before.subarray(-longestMark), after.subarray(0, longestMark)]);
}

function includesAny(bytes: Uint8Array, searched: readonly Buffer[]): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return searched.some((mark) => buffer.includes(mark));
}
