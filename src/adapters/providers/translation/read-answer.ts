import type { ChatPart } from '../../../core/chat/parts.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { HttpAnswer } from '../../http/client.ts';
import type { FrameReader } from '../../http/frame-reader.ts';
import { cutOff, malformedAnswer } from '../ask.ts';

export type StreamedAnswer = Pick<HttpAnswer, 'body' | 'release'>;

/** What an upstream sends, frame by frame, into parts. */
export interface AnswerReader<Frame> {
  read(frame: Frame): readonly ChatPart[];
  /** Nothing that matters follows, also if the upstream does not end. */
  isOver(): boolean;
  /** The last parts, after the last frame. Null when the answer is not complete. */
  end(): readonly ChatPart[] | null;
}

/**
 * The parts of an answer, which is asked for with `open` when the first is read. None comes before the model has said
 * something, so that until then another provider can be asked. Throws `upstream_error` where the answer breaks off or
 * cannot be understood.
 *
 * This is the one generator between socket and verb: each more would cost a token as much as its translation does.
 */
export async function* readAnswer<Frame>(
  open: () => Promise<StreamedAnswer>,
  frames: FrameReader<Frame>,
  reader: AnswerReader<Frame>,
): AsyncGenerator<ChatPart> {
  /** What waits for the model to say something; null once it has. */
  let held: ChatPart[] | null = [];

  function take(parts: readonly ChatPart[]): readonly ChatPart[] {
    if (held === null) return parts;
    held.push(...parts);
    if (held.every(({ type }) => type === 'start')) return [];
    const released = held;
    held = null;
    return released;
  }

  const answer = await open();
  for await (const piece of answer.body) {
    for (const frame of frames.push(piece)) {
      for (const part of take(understood(() => reader.read(frame)))) yield part;
      if (reader.isOver()) break;
    }
    if (reader.isOver()) {
      answer.release();
      break;
    }
  }
  if (!reader.isOver()) {
    for (const frame of frames.end()) for (const part of take(understood(() => reader.read(frame)))) yield part;
  }
  const last = understood(() => reader.end());
  if (last === null) throw cutOff();
  for (const part of take(last)) yield part;
}

function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof GatewayError ? error : malformedAnswer(error);
  }
}
