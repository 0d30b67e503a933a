import type { WireDialect } from '../../../core/chat.ts';
import { assertContentType } from '../../http/content-type.ts';
import type { RelayCall, Relayed } from '../vendor.ts';
import type { Connection } from './connection.ts';
import { failureInText } from './failure.ts';

const operations: Record<WireDialect, string> = {
  'openai-chat': 'chat/completions',
  'openai-completions': 'completions',
  'openai-responses': 'responses',
};

/** The vendor's own bytes to the caller's own bytes. */
export async function relay(connection: Connection, call: RelayCall): Promise<Relayed> {
  const answer = await connection.ask(call, operations[call.dialect], call.bytes);
  assertContentType(answer, call.stream ? 'event stream' : 'json');
  return {
    body: answer.body,
    release: () => answer.release(),
    failureIn: (text) => failureInText(text, call.target.key),
  };
}
