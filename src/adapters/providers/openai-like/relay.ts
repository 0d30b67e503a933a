import type { WireDialect } from '../../../core/chat.ts';
import { assertContentType } from '../../http/content-type.ts';
import { isNotFound } from '../ask.ts';
import type { RelayCall, Relayed, ServedElsewhere } from '../vendor.ts';
import { type AskOver, readAsking } from './ask-over.ts';
import type { Connection } from './connection.ts';
import { failureInText } from './failure.ts';
import { isRefusal, pointsElsewhere, whatToTell } from './wire-refusals.ts';
import type { Wire, Wires } from './wires.ts';

const operations: Record<WireDialect, string> = {
  'openai-chat': 'chat/completions',
  'openai-completions': 'completions',
  'openai-responses': 'responses',
};

/** How the same vendor converses in our words. */
interface Conversing {
  askOver: AskOver;
  wires: Wires;
}

/** The vendor's own bytes to the caller's own bytes. `conversing` is null where a vendor has one wire only. */
export function createRelay(connection: Connection, conversing: Conversing | null) {
  return async function relay(call: RelayCall): Promise<Relayed | ServedElsewhere> {
    try {
      const answer = await connection.ask(call, operations[call.dialect], call.bytes);
      assertContentType(answer, call.stream ? 'event stream' : 'json');
      return {
        body: answer.body,
        release: () => answer.release(),
        failureIn: (text) => failureInText(text, call.target.key),
      };
    } catch (failure) {
      const elsewhere = conversing && servedElsewhere(failure, conversing, call);
      if (elsewhere) return elsewhere;
      throw failure;
    }
  };
}

/**
 * Most servers have a chat, so that one is tried where Responses are not known; few have Responses: they must say so.
 * That there is a chat is believed until it has turned out that there is none.
 */
function servedElsewhere(
  failure: unknown,
  { askOver, wires }: Conversing,
  { dialect, target }: RelayCall,
): ServedElsewhere | null {
  if (dialect === 'openai-completions') return null;
  const wire: Wire = dialect === 'openai-chat' ? 'chat' : 'responses';
  const other = wire === 'chat' ? 'responses' : 'chat';
  const certainty = pointsElsewhere(failure, wire);
  const isTried = certainty === 'tried' && other === 'chat';
  if (certainty !== 'said' && !isTried) return null;
  wires.learn(target, other, certainty);

  function told(second: unknown): unknown {
    if (!isTried) return second;
    if (isNotFound(second) && wires.of(target)?.certainty === 'tried') wires.forget(target);
    return isRefusal(second) ? second : whatToTell(failure, second);
  }

  return { generate: (call) => readAsking(askOver(other, call), told) };
}
