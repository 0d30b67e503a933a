import type { ServerSentEvent } from '../../http/sse-reader.ts';
import type { AnswerReader, StreamedAnswer } from '../translation/read-answer.ts';

/** One request over one of the wires that a vendor has for it. */
export interface Asking {
  open(): Promise<StreamedAnswer>;
  reader: AnswerReader<ServerSentEvent>;
}
