import type { Media, Message, MessagePart, ToolResult } from '../../../core/chat.ts';
import { escapeToolId } from '../../../core/chat-tables/tool-ids.ts';
import { assertThat } from '../../../core/errors.ts';
import { argumentsOf } from '../translation/custom-tools.ts';
import { sentMedia } from '../translation/media.ts';
import { cannot } from '../translation/without.ts';
import type { ClaudeModel } from './models.ts';
import type { WireBlock, WireMessage, WireSource, WireText } from './wire.ts';

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

export interface Conversation {
  system: readonly WireText[];
  messages: readonly WireMessage[];
}

/**
 * Turns that alternate, with results directly after their calls. Throws `invalid_request` for calls and results that
 * do not match, `unsupported_value` for what Claude cannot read.
 */
export function toConversation(messages: readonly Message[], model: ClaudeModel): Conversation {
  const turns = new Turns(model);
  for (const [index, message] of messages.entries()) {
    const blocks = message.parts.flatMap((part, place) => toBlocks(part, `messages[${index}].content[${place}]`));
    if (message.role === 'system') turns.addSystem(blocks.filter((block) => block.type === 'text'));
    else turns.add(message.role, blocks);
  }
  return turns.finish();
}

class Turns {
  readonly #model: ClaudeModel;
  readonly #system: WireText[] = [];
  readonly #turns: { role: 'user' | 'assistant'; content: WireBlock[]; laterSystem: WireText[] }[] = [];
  #laterSystem: WireText[] = [];

  constructor(model: ClaudeModel) {
    this.#model = model;
  }

  /** In its place where the model reads it there, which is after a turn of the user; else with what comes first. */
  addSystem(texts: readonly WireText[]): void {
    const turn = this.#turns.at(-1);
    if (!turn || !this.#model.laterSystem) this.#system.push(...texts);
    else if (turn.role === 'user') turn.laterSystem.push(...texts);
    else this.#laterSystem.push(...texts);
  }

  add(role: 'user' | 'assistant', blocks: readonly WireBlock[]): void {
    if (blocks.length === 0) return;
    const last = this.#turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else {
      this.#turns.push({ role, content: [...blocks], laterSystem: this.#laterSystem });
      this.#laterSystem = [];
    }
  }

  finish(): Conversation {
    assertThat(this.#turns.length > 0, 'invalid_request', 'Expected at least one message of the user.', {
      param: 'messages',
    });
    const messages: WireMessage[] = [];
    let calls: readonly string[] = [];
    for (const { role, content, laterSystem } of this.#turns) {
      assertAnswered(calls, content);
      messages.push({ role, content: role === 'user' ? resultsFirst(content) : content });
      if (laterSystem.length > 0) messages.push({ role: 'system', content: laterSystem });
      calls = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    }
    assertAnswered(calls, []);
    if (this.#turns.at(-1)?.role === 'assistant' && !this.#model.prefill) {
      throw cannot('messages', 'This model does not go on with a message of the assistant. Let the user speak last.');
    }
    return { system: [...this.#system, ...this.#laterSystem], messages };
  }
}

function assertAnswered(calls: readonly string[], content: readonly WireBlock[]): void {
  const results = content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
  const missing = calls.find((id) => !results.includes(id));
  assertThat(
    missing === undefined,
    'invalid_request',
    `Expected the result of the call ${missing} directly after it.`,
    {
      param: 'messages',
    },
  );
  const orphan = results.find((id) => !calls.includes(id));
  assertThat(orphan === undefined, 'invalid_request', `Expected the call ${orphan} directly before its result.`, {
    param: 'messages',
  });
}

function resultsFirst(content: readonly WireBlock[]): readonly WireBlock[] {
  const isResult = (block: WireBlock) => block.type === 'tool_result';
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))];
}

function toBlocks(part: MessagePart, param: string): readonly WireBlock[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // An empty text is refused by the API.
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      return [{ type: 'image', source: imageSource(part.source, param) }];
    case 'file': {
      const title = part.name === null ? {} : { title: part.name };
      return [{ type: 'document', source: documentSource(part.source, param), ...title }];
    }
    case 'audio':
      throw cannot(param, 'Models of Anthropic do not hear. Send text, images or PDF files.');
    case 'tool_call':
      return [{ type: 'tool_use', id: toolId(part.id, param), name: part.name, input: argumentsOf(part, param) }];
    case 'tool_result':
      return [toResult(part, param)];
    case 'reasoning':
      if (part.signature === null) return [];
      if (part.redacted) return [{ type: 'redacted_thinking', data: part.signature }];
      return [{ type: 'thinking', thinking: part.text, signature: part.signature }];
  }
}

function toResult(result: ToolResult, param: string): WireBlock {
  const content = result.parts.flatMap((part) => toBlocks(part, param));
  const error = result.isError ? { is_error: true as const } : {};
  return { type: 'tool_result', tool_use_id: toolId(result.callId, param), content, ...error };
}

function toolId(id: string, param: string): string {
  const escaped = escapeToolId(id);
  assertThat(escaped, 'invalid_request', `Expected a shorter id of a tool call; got ${id.length} characters.`, {
    param,
  });
  return escaped;
}

function imageSource(source: Media, param: string): WireSource {
  const media = sentMedia(source);
  if (media.kind === 'url') return { type: 'url', url: media.url };
  if (!imageTypes.includes(media.mediaType)) {
    throw cannot(param, `Models of Anthropic see JPEG, PNG, GIF and WebP; got ${media.mediaType}.`);
  }
  return { type: 'base64', media_type: media.mediaType, data: media.data };
}

function documentSource(source: Media, param: string): WireSource {
  const media = sentMedia(source);
  if (media.kind === 'url') return { type: 'url', url: media.url };
  if (media.mediaType === 'application/pdf') {
    return { type: 'base64', media_type: 'application/pdf', data: media.data };
  }
  if (media.mediaType === 'text/plain' || media.mediaType === 'text/markdown') {
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(media.data, 'base64').toString('utf8') };
  }
  throw cannot(param, `Models of Anthropic read PDF and plain text; got ${media.mediaType}.`);
}
