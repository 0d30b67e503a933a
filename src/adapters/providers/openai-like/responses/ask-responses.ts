import { assertContentType } from '../../../http/content-type.ts';
import type { ServerSentEvent } from '../../../http/sse-reader.ts';
import type { AnswerReader } from '../../translation/read-answer.ts';
import type { GenerateCall } from '../../vendor.ts';
import type { Asking } from '../asking.ts';
import type { Connection } from '../connection.ts';
import { parseEvent } from '../parse-event.ts';
import { ResponseAnswer } from './answer.ts';
import { responseEvent } from './event.ts';
import { toResponseBody } from './request.ts';

/** A chat over the wire of Responses. Nothing of it is kept there. */
export function askResponses(connection: Connection, call: GenerateCall): Asking {
  const { request, target, onIgnored } = call;
  return {
    async open() {
      const body = toResponseBody(request, target.modelName, onIgnored);
      const asked = await connection.ask(call, 'responses', body);
      assertContentType(asked, 'event stream');
      return asked;
    },
    reader: responseReader(target.key),
  };
}

/** The parts of a streamed response. `key` is blotted out of what the vendor says. */
export function responseReader(key: string | null): AnswerReader<ServerSentEvent> {
  const answer = new ResponseAnswer();
  return {
    read: ({ data }) => (data === '[DONE]' ? [] : answer.read(parseEvent(responseEvent, data, key))),
    isOver: () => answer.isOver,
    end: () => answer.end(),
  };
}
