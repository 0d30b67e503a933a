import type { ChatPart } from '../../../core/chat-parts.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { HttpAnswer } from '../../http/client.ts';
import { cutOff, malformedAnswer } from '../ask.ts';

export type StreamedAnswer = Pick<HttpAnswer, 'body' | 'release'>;

/** What an upstream sends, frame by frame, into parts. */
export interface AnswerReader<Frame> {
  read(frame: Frame): readonly ChatPart[];
  /** The last parts, after the last frame. Null when the answer is not complete. */
  end(): readonly ChatPart[] | null;
}

/**
 * The parts of an answer. None comes before the model has said something, so that until then another provider can be
 * asked. Throws `upstream_error` where the answer breaks off or cannot be understood.
 */
export async function* readAnswer<Frame>(
  frames: AsyncIterable<Frame>,
  reader: AnswerReader<Frame>,
): AsyncGenerator<ChatPart> {
  let held: readonly ChatPart[] = [];
  for await (const frame of frames) {
    const parts = [...held, ...understood(() => reader.read(frame))];
    const isSaid = parts.some(({ type }) => type !== 'start');
    held = isSaid ? [] : parts;
    if (isSaid) yield* parts;
  }
  const last = understood(() => reader.end());
  if (last === null) throw cutOff();
  yield* held;
  yield* last;
}

function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof GatewayError ? error : malformedAnswer(error);
  }
}
