import type { ChatPart } from '../../../core/chat/parts.ts';
import type { ChatRequest, MessagePart } from '../../../core/chat.ts';
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
    const ignored = new Set<string>();
    const heard = { ...call, onIgnored: (path: string) => void ignored.add(path) };
    const asking = wire === 'chat' ? askChat(connection, traits, heard) : askResponses(connection, heard);
    return {
      reader: asking.reader,
      async open() {
        const answer = await asking.open();
        // What one wire has no word for may be honoured by the other, which is asked in its place.
        for (const path of ignored) call.onIgnored?.(path);
        return answer;
      },
    };
  }

  return (call) => {
    const deployment = `${call.target.url} ${call.target.modelName}`;
    const known = speaksResponses ? knownOf(deployment, call.target.modelName) : 'chat';
    const wire = known ?? wireFor(call.request);
    let asking = asked(wire, call);

    async function open() {
      try {
        return await asking.open();
      } catch (error) {
        if (wire === 'responses' && known === null && refusesThoughts(error)) return await openWithoutThoughts(error);
        if (!speaksResponses || !isAskedElsewhere(error, wire, call.request)) throw error;
        const other = wire === 'chat' ? 'responses' : 'chat';
        asking = asked(other, call);
        const answer = await asking.open();
        learned.set(deployment, other);
        return answer;
      }
    }

    async function openWithoutThoughts(refusal: GatewayError) {
      asking = asked('chat', call);
      try {
        const answer = await asking.open();
        if (hasNoThoughts(refusal)) learned.set(deployment, 'chat');
        return answer;
      } catch (error) {
        if (!isAskedElsewhere(error, 'chat', call.request)) throw error;
        learned.set(deployment, 'responses');
        throw refusal;
      }
    }

    return readAnswer(open, new SseReader(), {
      read: (frame) => asking.reader.read(frame),
      isOver: () => asking.reader.isOver(),
      end: () => asking.reader.end(),
    });
  };

  function knownOf(deployment: string, modelName: string): Wire | null {
    return learned.get(deployment) ?? (speaksResponsesAlone(modelName) ? 'responses' : null);
  }
}

/** Thoughts are shown, signed and taken back at Responses alone; elsewhere it has fewer words. */
function wireFor(request: ChatRequest): Wire {
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

/** The request would have been answered, had it asked for no thoughts in a form that the vendor withholds. */
function refusesThoughts(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError) || error.code !== 'upstream_rejected') return false;
  return /^(?:include\b|reasoning\.summary$)/.test(error.param ?? '');
}

/** Of the model itself; whether thoughts are summarized depends on who asks, and `include` has words for more. */
function hasNoThoughts({ param, publicMessage }: GatewayError): boolean {
  return param !== 'reasoning.summary' && /\bencrypted.content\b/i.test(publicMessage);
}

function isAskedElsewhere(error: unknown, wire: Wire, request: ChatRequest): boolean {
  if (wire === 'responses') return isNotFound(error);
  if (missingIn(request) !== null) return false;
  return isNotFound(error) || (error instanceof GatewayError && namesTheOther.test(error.publicMessage));
}
