import type { ChatRequest, Media, MessagePart } from '../chat.ts';

/** A picture or file of a conversation that is named by the id of a stored file. */
export type NamedFile = Extract<MessagePart, { type: 'image' | 'file' }> & {
  source: Extract<Media, { kind: 'file' }>;
};

/** Every mention of a stored file, in order. */
export function* namedFilesOf({ messages }: Pick<ChatRequest, 'messages'>): Generator<NamedFile> {
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type !== 'tool_result') {
        if (isNamedFile(part)) yield part;
        continue;
      }
      for (const inner of part.parts) if (isNamedFile(inner)) yield inner;
    }
  }
}

/** The same conversation with other parts in the place of these. */
export function withNamedFiles(
  request: ChatRequest,
  replace: (file: NamedFile) => Extract<MessagePart, { type: 'image' | 'file' }>,
): ChatRequest {
  const replaced = <Part extends MessagePart>(part: Part) => (isNamedFile(part) ? replace(part) : part);
  const messages = request.messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === 'tool_result' ? { ...part, parts: part.parts.map(replaced) } : replaced(part),
    ),
  }));
  return { ...request, messages };
}

function isNamedFile(part: MessagePart): part is NamedFile {
  return (part.type === 'image' || part.type === 'file') && part.source.kind === 'file';
}
