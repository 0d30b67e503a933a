import type { ChatPart } from '../../../core/chat/parts.ts';
import { SseReader } from '../../http/sse-reader.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { GenerateCall } from '../vendor.ts';
import { askChat } from './ask-chat.ts';
import type { Asking } from './asking.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { askResponses } from './responses/ask-responses.ts';
import type { Wire } from './wires.ts';

export type AskOver = (wire: Wire, call: GenerateCall) => Asking;

/** A chat over one wire. What that has no word for is told once it answers: the other may be asked in its place. */
export function createAskOver(connection: Connection, traits: ChatTraits): AskOver {
  return (wire, call) => {
    const ignored = new Set<string>();
    const heard = { ...call, onIgnored: (path: string) => void ignored.add(path) };
    const asking = wire === 'chat' ? askChat(connection, traits, heard) : askResponses(connection, heard);
    return {
      reader: asking.reader,
      async open() {
        const answer = await asking.open();
        for (const path of ignored) call.onIgnored?.(path);
        return answer;
      },
    };
  };
}

/** The parts of what is answered over one wire. `told` says what a failure to open counts as. */
export function readAsking({ open, reader }: Asking, told: (failure: unknown) => unknown): AsyncGenerator<ChatPart> {
  const opened = async () => {
    try {
      return await open();
    } catch (failure) {
      throw told(failure);
    }
  };
  return readAnswer(opened, new SseReader(), reader);
}
