import type { WireDialect } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import { assertContentType } from '../../http/content-type.ts';
import type { RelayCall, Relayed } from '../vendor.ts';
import type { Connection } from './connection.ts';
import { failureInText } from './failure.ts';
import { pointsElsewhere } from './wire-refusals.ts';
import type { Wires } from './wires.ts';

const operations: Record<WireDialect, string> = {
  'openai-chat': 'chat/completions',
  'openai-completions': 'completions',
  'openai-responses': 'responses',
};

/** The vendor's own bytes to the caller's own bytes. */
export async function relay(connection: Connection, wires: Wires | null, call: RelayCall): Promise<Relayed> {
  const answer = await connection.ask(call, operations[call.dialect], call.bytes).catch((error: unknown) => {
    throw wires ? learnedFrom(error, wires, call) : error;
  });
  assertContentType(answer, call.stream ? 'event stream' : 'json');
  return {
    body: answer.body,
    release: () => answer.release(),
    failureIn: (text) => failureInText(text, call.target.key),
  };
}

/** That the model is asked elsewhere is no fault of the request's: asked for again, it is translated. */
function learnedFrom(error: unknown, wires: Wires, { dialect, target }: RelayCall): unknown {
  if (dialect !== 'openai-chat' || pointsElsewhere(error, 'chat') !== 'said') return error;
  wires.learn(target, 'responses', 'said');
  const message = "The model's provider serves it over another operation than this. Please try again.";
  return new GatewayError('upstream_error', message, { cause: error });
}
