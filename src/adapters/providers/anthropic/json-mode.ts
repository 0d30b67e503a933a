import type { ChatPart } from '../../../core/chat/parts.ts';
import { GatewayError } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json/is-record.ts';

/** Passes an answer on that was to be a JSON object. Throws `upstream_error` in place of its end when it is none. */
export async function* assertJson(parts: AsyncIterable<ChatPart>): AsyncGenerator<ChatPart> {
  const texts = new Set<string>();
  let text = '';
  for await (const part of parts) {
    if (part.type === 'block-start' && part.block.kind === 'text') texts.add(part.id);
    if (part.type === 'block-delta' && texts.has(part.id)) text += part.delta;
    if (part.type === 'finish' && part.reason === 'stop' && !isRecord(parsed(text))) {
      throw new GatewayError('upstream_error', 'The model did not answer with a JSON object, as it was asked to.');
    }
    yield part;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
