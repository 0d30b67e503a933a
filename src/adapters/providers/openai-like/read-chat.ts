import type { ServerSentEvent } from '../../http/sse-reader.ts';
import type { AnswerReader } from '../translation/read-answer.ts';
import { ChatAnswer } from './chat-answer.ts';
import { chatChunk } from './chunk.ts';
import { parseEvent } from './parse-event.ts';

interface ReadingOptions {
  /** Names of the custom tools that the vendor was told of as functions. */
  customTools: ReadonlySet<string>;
  /** Blotted out of what the vendor says. */
  key: string | null;
}

/** The parts of a streamed chat. One that ends without a reason to finish was cut off. */
export function chatReader({ customTools, key }: ReadingOptions): AnswerReader<ServerSentEvent> {
  const answer = new ChatAnswer(customTools);
  let isOver = false;
  return {
    read({ data }) {
      isOver = data === '[DONE]';
      return isOver ? [] : answer.read(parseEvent(chatChunk, data, key));
    },
    isOver: () => isOver,
    end: () => answer.end(),
  };
}
