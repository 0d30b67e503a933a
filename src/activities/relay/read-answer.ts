import type { WireDialect } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Usage } from '../../core/usage.ts';
import { createFrameCutter } from './frames.ts';
import { afterSpace, endOfString, memberSpans } from './json-members.ts';
import { usageIn } from './read-usage.ts';

/** What is read of an answer, and changed in it, while it is passed on. */
export interface Reading {
  dialect: WireDialect;
  /** The name the caller used: it stands in the answer where the upstream has put its own. */
  model: string;
  /** The frame with the usage is for us alone. */
  hidesUsage: boolean;
  onUsage(usage: Usage): void;
  /** The failure that a whole answer, or a frame, tells in place of an answer. */
  failureIn(bytes: Uint8Array): GatewayError | null;
}

const modelKey = '"model":';
const quote = 0x22;
const backslash = 0x5c;

/** A whole answer. Throws the failure that it tells. */
export function readWhole(bytes: Buffer, reading: Reading): Buffer {
  noteUsage(bytes, reading);
  assertNoFailure(bytes, reading);
  return withModel(bytes, reading.model);
}

/** A streamed answer, piece by piece as it comes. What belongs to a frame that is not complete yet is held back. */
export function createStreamReading(reading: Reading) {
  const frameCutter = createFrameCutter();
  let isFinished = false;

  function frame(bytes: Buffer): Buffer | null {
    // A failure may have its price.
    const isUsage = noteUsage(bytes, reading);
    assertNoFailure(bytes, reading);
    isFinished ||= isLast(bytes, reading.dialect);
    if (!reading.hidesUsage) return withModel(bytes, reading.model);
    if (isUsage && hasNoChoices(bytes)) return null;
    return withModel(bytes.includes('"usage"') ? withoutNull(bytes) : bytes, reading.model);
  }

  const isComplete = () => isFinished && !frameCutter.isWithin();

  return {
    /** The complete frames of it, as the caller gets them; may be empty. Throws the failure that one of them tells. */
    piece(chunk: Uint8Array): Uint8Array[] {
      const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const frames: Buffer[] = [];
      for (const bytes of frameCutter.cut(fresh)) {
        const told = frame(bytes);
        if (told !== null) frames.push(told);
      }
      return frames;
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

const lastChunk = /^data: ?\[DONE\]/;
const lastResponseEvent = /^"response\.(?:completed|incomplete)"$/;

function isLast(bytes: Buffer, dialect: WireDialect): boolean {
  if (dialect === 'openai-responses') {
    return memberSpans(bytes, 'type').some(({ start, end }) =>
      lastResponseEvent.test(bytes.toString('utf8', start, end)),
    );
  }
  return lastChunk.test(bytes.toString('latin1', 0, 20));
}

function assertNoFailure(bytes: Buffer, { failureIn }: Reading): void {
  const failure = failureIn(bytes);
  if (failure !== null) throw failure;
}

/** True when there is a usage, and not a null. */
function noteUsage(bytes: Buffer, { onUsage }: Reading): boolean {
  const usage = usageIn(bytes);
  if (usage !== null) onUsage(usage);
  return usage !== null;
}

function hasNoChoices(bytes: Buffer): boolean {
  return memberSpans(bytes, 'choices').every(({ start, end }) => noItems.test(bytes.toString('utf8', start, end)));
}

function withModel(bytes: Buffer, model: string): Buffer {
  for (let at = bytes.indexOf(modelKey); at !== -1; at = bytes.indexOf(modelKey, at + 1)) {
    const start = afterSpace(bytes, at + modelKey.length);
    if (bytes[at - 1] === backslash || bytes[start] !== quote) continue;
    const end = endOfString(bytes, start);
    const name = JSON.stringify(model);
    if (bytes.toString('utf8', start, end) === name) return bytes;
    return Buffer.concat([bytes.subarray(0, start), Buffer.from(name), bytes.subarray(end)]);
  }
  return bytes;
}

const noItems = /^\[\s*\]$/;
const nullUsage = /,\s*"usage"\s*:\s*null/;

function withoutNull(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('utf8').replace(nullUsage, ''));
}
