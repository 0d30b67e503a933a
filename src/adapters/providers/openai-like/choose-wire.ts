import type { ChatPart } from '../../../core/chat/parts.ts';
import type { ChatRequest, MessagePart } from '../../../core/chat.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { SseReader } from '../../http/sse-reader.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { GenerateCall } from '../vendor.ts';
import type { AskOver } from './ask-over.ts';
import { missingIn } from './responses/request.ts';
import { hasNoThoughts, pointsElsewhere, refusesThoughts, whatToTell } from './wire-refusals.ts';
import { isSure, type Lesson, type Wire, type Wires } from './wires.ts';

/** A vendor's way to converse, over Chat Completions and, where it has `wires`, over Responses too. */
export function createGenerate(askOver: AskOver, wires: Wires | null): (call: GenerateCall) => AsyncIterable<ChatPart> {
  return (call) => {
    const { target, request } = call;
    const lesson = wires?.of(target) ?? null;
    const wire = wires ? wireFor(request, lesson) : 'chat';
    let asking = askOver(wire, call);

    async function open() {
      try {
        return await asking.open();
      } catch (error) {
        if (wire === 'responses' && !isSure(lesson) && refusesThoughts(error)) return await openWithoutThoughts(error);
        return await openElsewhere(error);
      }
    }

    async function openElsewhere(failure: unknown) {
      const certainty = pointsElsewhere(failure, wire);
      if (!wires || certainty === null) throw failure;
      const other = wire === 'chat' ? 'responses' : 'chat';
      if (certainty === 'said') wires.learn(target, other, certainty);
      if (other === 'responses' && missingIn(request) !== null) throw failure;
      asking = askOver(other, call);
      try {
        const answer = await asking.open();
        if (certainty !== 'once') wires.learn(target, other, certainty);
        return answer;
      } catch (error) {
        throw certainty === 'tried' ? whatToTell(failure, error) : error;
      }
    }

    async function openWithoutThoughts(refusal: GatewayError) {
      asking = askOver('chat', call);
      try {
        const answer = await asking.open();
        if (hasNoThoughts(refusal)) wires?.learn(target, 'chat', 'unsigned');
        return answer;
      } catch (error) {
        const certainty = pointsElsewhere(error, 'chat');
        if (certainty === null) throw error;
        if (certainty !== 'once') wires?.learn(target, 'responses', certainty);
        throw refusal;
      }
    }

    return readAnswer(open, new SseReader(), {
      read: (frame) => asking.reader.read(frame),
      isOver: () => asking.reader.isOver(),
      end: () => asking.reader.end(),
    });
  };
}

/**
 * Thoughts are shown, signed and taken back at Responses alone; elsewhere it has fewer words. What it has no word for is
 * refused only where it is sure that there is nothing else.
 */
function wireFor(request: ChatRequest, lesson: Lesson | null): Wire {
  if (isSure(lesson)) return lesson.wire;
  if (missingIn(request) !== null) return 'chat';
  if (lesson) return lesson.wire;
  const { reasoning, messages } = request;
  const isAboutThoughts =
    reasoning?.includeSignature === true ||
    reasoning?.summary != null ||
    messages.some(({ parts }) => parts.some(isSignedThought));
  return isAboutThoughts ? 'responses' : 'chat';
}

function isSignedThought(part: MessagePart): boolean {
  return part.type === 'reasoning' && part.signature !== null;
}
