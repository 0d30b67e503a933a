import type { ChatRequest, MessagePart } from '../../../core/chat.ts';
import type { ChatPart } from '../../../core/chat-parts.ts';
import { GatewayError } from '../../../core/errors.ts';
import { SseReader } from '../../http/sse-reader.ts';
import { isNotFound } from '../ask.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { GenerateCall } from '../vendor.ts';
import { askChat } from './ask-chat.ts';
import type { Asking } from './asking.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { speaksResponsesAlone } from './responses/alone.ts';
import { askResponses } from './responses/ask-responses.ts';
import { missingIn } from './responses/request.ts';

type Wire = 'chat' | 'responses';

/** How a server says that the model is asked elsewhere; others answer 404. */
const namesTheOther = /\bv1\/responses\b|chatCompletion operation does not work/i;

/** A vendor's way to converse, over Chat Completions and, where it has that too, over Responses. */
export function createGenerate(
  connection: Connection,
  traits: ChatTraits,
  speaksResponses: boolean,
): (call: GenerateCall) => AsyncIterable<ChatPart> {
  /** What deployments have turned out to speak alone. */
  const learned = new Map<string, Wire>();

  function asked(wire: Wire, call: GenerateCall): Asking {
    return wire === 'chat' ? askChat(connection, traits, call) : askResponses(connection, call);
  }

  return (call) => {
    const deployment = `${call.target.url} ${call.target.modelName}`;
    const wire = speaksResponses ? (learned.get(deployment) ?? wireFor(call)) : 'chat';
    let asking = asked(wire, call);

    async function open() {
      try {
        return await asking.open();
      } catch (error) {
        if (!speaksResponses || !isAskedElsewhere(error, wire, call.request)) throw error;
        const other = wire === 'chat' ? 'responses' : 'chat';
        asking = asked(other, call);
        const answer = await asking.open();
        learned.set(deployment, other);
        return answer;
      }
    }

    return readAnswer(open, new SseReader(), {
      read: (frame) => asking.reader.read(frame),
      isOver: () => asking.reader.isOver(),
      end: () => asking.reader.end(),
    });
  };
}

/** Thoughts are shown, signed and taken back at Responses alone; elsewhere it has fewer words. */
function wireFor({ request, target }: GenerateCall): Wire {
  if (speaksResponsesAlone(target.modelName)) return 'responses';
  const { reasoning, messages } = request;
  const isAboutThoughts =
    reasoning?.includeSignature === true ||
    reasoning?.summary != null ||
    messages.some(({ parts }) => parts.some(isSignedThought));
  return isAboutThoughts && missingIn(request) === null ? 'responses' : 'chat';
}

function isSignedThought(part: MessagePart): boolean {
  return part.type === 'reasoning' && part.signature !== null;
}

function isAskedElsewhere(error: unknown, wire: Wire, request: ChatRequest): boolean {
  if (wire === 'responses') return isNotFound(error);
  if (missingIn(request) !== null) return false;
  return isNotFound(error) || (error instanceof GatewayError && namesTheOther.test(error.publicMessage));
}
