import type { Signatures } from '../adapters/secrets/signatures.ts';
import type { ChatPart } from '../core/chat/parts.ts';
import { type Envelope, headOf, looksLikeEnvelope, readEnvelope } from '../core/chat/reasoning-envelope.ts';
import type { ChatRequest, Message, MessagePart, ReasoningTrace, ToolCall } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';

/** A request whose signatures have been looked at. */
export interface OpenedRequest {
  /** The account that made the last of them, the only one that can go on from there; null when there are none. */
  origin: string | null;
  /**
   * The request as that account may see it: its own signatures as it made them. Thoughts of any other account are left
   * out with their text, and its calls of tools lose the proof: nobody else accepts either.
   */
  requestFor(origin: string): ChatRequest;
}

type Signed = (ToolCall | ReasoningTrace) & { signature: string };

/** Between caller and verb a signature is sealed and names its upstream; between verb and vendor it is the vendor's. */
export function createReasoningSeal(signatures: Signatures) {
  /** Null for a signature that we did not hand out: no account of ours is known to accept it. */
  function open(part: Signed, messageIndex: number): Envelope | null {
    if (!looksLikeEnvelope(part.signature)) return null;
    const envelope = readEnvelope(part.signature);
    if (envelope && signatures.verify(envelope.head, envelope.mac)) return envelope;
    throw new GatewayError(
      'invalid_request',
      'Expected the signature of a reasoning part or tool call unchanged, as it was answered; this one was altered.',
      { param: `messages[${messageIndex}]` },
    );
  }

  return {
    /** Throws `invalid_request` for a signature of ours that was altered. */
    openAll(request: ChatRequest): OpenedRequest {
      const opened = new Map<MessagePart, Envelope | null>();
      for (const [index, message] of request.messages.entries()) {
        for (const part of message.parts) if (isSigned(part)) opened.set(part, open(part, index));
      }
      if (opened.size === 0) return { origin: null, requestFor: () => request };
      const last = [...opened.values()].findLast((envelope) => envelope !== null);
      return {
        origin: last?.origin ?? null,
        requestFor: (origin) => ({
          ...request,
          messages: request.messages.map((message) => forOrigin(message, opened, origin)),
        }),
      };
    },

    /** A part of an answer of `origin`, with its signature sealed. */
    seal(part: ChatPart, origin: string): ChatPart {
      if (part.type !== 'block-end' || part.signature === null) return part;
      const head = headOf(origin, part.signature);
      return { ...part, signature: `${head}.${signatures.sign(head)}` };
    },
  };
}

export type ReasoningSeal = ReturnType<typeof createReasoningSeal>;

function isSigned(part: MessagePart): part is Signed {
  return (part.type === 'reasoning' || part.type === 'tool_call') && part.signature !== null;
}

function forOrigin(message: Message, opened: ReadonlyMap<MessagePart, Envelope | null>, origin: string): Message {
  const parts = message.parts.flatMap((part): MessagePart[] => {
    if (!isSigned(part)) return [part];
    const envelope = opened.get(part);
    if (envelope?.origin === origin) return [{ ...part, signature: envelope.payload }];
    return part.type === 'tool_call' ? [{ ...part, signature: null }] : [];
  });
  return { ...message, parts };
}
