import type { ChatRequest, MessagePart } from '../chat.ts';

/** Everything in a conversation that a model reads as text. Pictures, sounds and files are not in it. */
export function* textsOf(request: ChatRequest): Generator<string> {
  for (const message of request.messages) {
    for (const part of message.parts) yield* textsOfPart(part);
  }
  for (const { name, description, parameters } of request.tools) {
    yield name;
    if (description !== null) yield description;
    if (parameters !== null) yield JSON.stringify(parameters);
  }
  if (request.format?.type === 'json_schema') yield JSON.stringify(request.format.schema);
}

function* textsOfPart(part: MessagePart): Generator<string> {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      yield part.text;
      return;
    case 'tool_call':
      yield part.name;
      yield part.arguments;
      return;
    case 'tool_result':
      for (const inner of part.parts) yield* textsOfPart(inner);
      return;
    case 'image':
    case 'audio':
    case 'file':
      return;
  }
}
