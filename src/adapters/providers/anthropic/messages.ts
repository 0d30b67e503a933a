import type { Message } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
import { cannot } from '../translation/without.ts';
import { toBlocks } from './blocks.ts';
import type { ClaudeModel } from './models.ts';
import type { WireBlock, WireMessage, WireText } from './wire.ts';

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
