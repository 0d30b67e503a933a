import type { WireDialect } from '../../core/chat.ts';
import { memberSpans } from './json-members.ts';

/*
 * What a frame is for. Texts have one character per byte; what is looked for in them is ASCII, which no other character
 * of UTF-8 has a part of.
 */

const dataLine = /^data(?::|\r?$)/m;
const lastChunk = /^data: ?\[DONE\]/;
const announcingEvent = /^"response\.(?:created|queued|in_progress)"$/;
const lastResponseEvent = /^"response\.(?:completed|incomplete)"$/;

/** Whether it is more than comments and the name of an event. */
export function hasData(frame: string): boolean {
  return frame.startsWith('data') || dataLine.test(frame);
}

/** Whether it says that a model was asked, and nothing of what it answers. */
export function announces(frame: string, dialect: WireDialect): boolean {
  return dialect === 'openai-responses' && isOfType(frame, announcingEvent);
}

/** Whether no other follows. */
export function isLast(frame: string, dialect: WireDialect): boolean {
  if (dialect !== 'openai-responses') return lastChunk.test(frame);
  if (!frame.includes('response.completed') && !frame.includes('response.incomplete')) return false;
  return isOfType(frame, lastResponseEvent);
}

function isOfType(frame: string, type: RegExp): boolean {
  const bytes = Buffer.from(frame, 'latin1');
  return memberSpans(bytes, 'type').some(({ start, end }) => type.test(bytes.toString('latin1', start, end)));
}
