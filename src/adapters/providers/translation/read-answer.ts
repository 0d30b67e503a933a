import type { ChatPart } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';

/** What an upstream sends, frame by frame, into parts. */
export interface AnswerReader<Frame> {
  read(frame: Frame): readonly ChatPart[];
  /** The last parts, after the last frame. Null when the answer is not complete. */
  end(): readonly ChatPart[] | null;
}

/** The parts of an answer. Throws `upstream_error` where it breaks off or cannot be understood. */
export async function* readAnswer<Frame>(
  frames: AsyncIterable<Frame>,
  reader: AnswerReader<Frame>,
): AsyncGenerator<ChatPart> {
  for await (const frame of frames) yield* understood(() => reader.read(frame));
  const last = understood(() => reader.end());
  if (last === null) throw new GatewayError('upstream_error', "The model's provider broke off its answer.");
  yield* last;
}

function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const message = "The model's provider gave an answer that cannot be read.";
    throw new GatewayError('upstream_error', message, { cause: error });
  }
}
