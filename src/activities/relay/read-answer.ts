import type { WireDialect } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { isRecord } from '../../core/json/is-record.ts';
import { malformedAnswer } from '../../core/malformed-answer.ts';
import { readOpenAiUsage } from '../../core/openai-usage.ts';
import type { Usage } from '../../core/usage.ts';
import { announces, hasData, isLast } from './frame-kinds.ts';
import { createFrameCutter } from './frames.ts';
import { memberSpans } from './json-members.ts';
import { usageIn } from './read-usage.ts';

/** What is read of an answer, and changed in it, while it is passed on. */
export interface Reading {
  dialect: WireDialect;
  /** The name the caller used: it stands in the answer where the upstream has put its own. */
  model: string;
  /** The frame with the usage is for us alone. */
  hidesUsage: boolean;
  onUsage(usage: Usage): void;
  /** The failure that a whole answer, or a frame, tells in place of an answer. One character per byte. */
  failureIn(text: string): GatewayError | null;
}

const modelKey = '"model":';
const none = Buffer.alloc(0);

/** What no answer of a dialect is without. */
const listOfAnswers: Record<WireDialect, string> = {
  'openai-chat': 'choices',
  'openai-completions': 'choices',
  'openai-responses': 'output',
};

/** A whole answer. Throws the failure that it tells, and `upstream_error` for what is none. */
export function readWhole(bytes: Buffer, reading: Reading): Buffer {
  const text = bytes.toString('latin1');
  const failure = reading.failureIn(text);
  if (failure !== null) throw failure;
  const usage = readOpenAiUsage(parseAnswer(text, reading.dialect)['usage']);
  if (usage !== null) reading.onUsage(usage);
  return toBytes(withModel(text, byteName(reading.model)));
}

/**
 * A body that was cut off may have come to a proper end on its way, and so may nothing at all. `text` has one character
 * per byte: what is read of the answer are its form and its numbers.
 */
function parseAnswer(text: string, dialect: WireDialect): Record<string, unknown> {
  const list = listOfAnswers[dialect];
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw malformedAnswer(cause);
  }
  if (isRecord(answer) && Array.isArray(answer[list])) return answer;
  throw malformedAnswer(new Error(`no list of ${list}`));
}

/** Frames that arrived together, as the caller gets them. */
export interface Told {
  /** Those that say something. */
  frames: number;
  /** May be empty: what is for us alone is not told. */
  bytes: Uint8Array;
  /** What the answer has failed with, behind these bytes: in the upstream's words it is for us alone. */
  failure: GatewayError | null;
}

/** Each of the few frames that announce an answer repeats what it was asked for with, tools and all. */
const maxHeldBytes = 8 * 1024 * 1024;

/**
 * A streamed answer, piece by piece as it comes. What belongs to a frame that is not complete yet is held back, and so
 * is, up to `maxBytes`, what only announces that an answer will come: until then another provider may answer.
 */
export function createStreamReading(reading: Reading, maxBytes = maxHeldBytes) {
  const frameCutter = createFrameCutter();
  const name = byteName(reading.model);
  let isFinished = false;
  let hasSpoken = false;
  /** What is not handed on yet. */
  let text = '';
  let frames = 0;

  /** The frame in the caller's words; empty when it is none of theirs. */
  function tell(frame: string): string {
    const isUsage = noteUsage(frame, reading);
    isFinished ||= isLast(frame, reading.dialect);
    if (!reading.hidesUsage) return withModel(frame, name);
    if (isUsage && hasNoChoices(frame)) return '';
    return withModel(frame.includes('"usage"') ? frame.replace(nullUsage, '') : frame, name);
  }

  /** Null of any other frame. A failure may have its price. */
  function failureOf(frame: string): GatewayError | null {
    const failure = reading.failureIn(frame);
    if (failure !== null) noteUsage(frame, reading);
    return failure;
  }

  function handOn(failure: GatewayError | null): Told {
    const told = { frames, bytes: toBytes(text), failure };
    text = '';
    frames = 0;
    return told;
  }

  const isComplete = () => isFinished && !frameCutter.isWithin();

  return {
    /** The complete frames of it, up to the one that tells a failure. */
    piece(chunk: Uint8Array): Told {
      for (const frame of frameCutter.cut(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) {
        const failure = failureOf(frame);
        if (failure !== null) return handOn(failure);
        // A comment says that the upstream is there and not that it answers, and ours are made here.
        if (!hasData(frame)) continue;
        frames += 1;
        text += tell(frame);
        hasSpoken ||= !announces(frame, reading.dialect) || text.length > maxBytes;
      }
      return hasSpoken ? handOn(null) : { frames: 0, bytes: none, failure: null };
    },

    /** Whether the last frame has come. */
    isFinished: () => isFinished,

    /** Whether the last frame has come, and nothing has begun behind it. */
    isComplete,

    /** Throws when the upstream has stopped in the middle. */
    end(): void {
      if (isComplete()) return;
      throw new GatewayError('upstream_error', 'The upstream ended its answer in the middle.');
    },
  };
}

/*
 * Texts below have one character per byte. What is looked for in them are names and signs of ASCII, which no other
 * character of UTF-8 has a part of.
 */

/** True when there is a usage, and not a null. */
function noteUsage(text: string, { onUsage }: Reading): boolean {
  // Most frames of a stream have none: they are not worth a walk.
  const usage = text.includes('"usage"') ? usageIn(toBytes(text)) : null;
  if (usage !== null) onUsage(usage);
  return usage !== null;
}

function hasNoChoices(frame: string): boolean {
  const bytes = toBytes(frame);
  return memberSpans(bytes, 'choices').every(({ start, end }) => noItems.test(bytes.toString('latin1', start, end)));
}

/** `name` as it stands in JSON. */
function withModel(text: string, name: string): string {
  for (let at = text.indexOf(modelKey); at !== -1; at = text.indexOf(modelKey, at + 1)) {
    const start = afterSpace(text, at + modelKey.length);
    if (text[at - 1] === '\\' || text[start] !== '"') continue;
    return text.startsWith(name, start) ? text : text.slice(0, start) + name + text.slice(endOfString(text, start));
  }
  return text;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (spaces.has(text.charCodeAt(at))) at += 1;
  return at;
}

/** The place behind the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

const spaces = new Set([0x20, 0x0a, 0x0d, 0x09]);
const noItems = /^\[\s*\]$/;
const nullUsage = /,\s*"usage"\s*:\s*null/;

function byteName(model: string): string {
  return Buffer.from(JSON.stringify(model)).toString('latin1');
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
