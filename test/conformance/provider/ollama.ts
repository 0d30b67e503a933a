/** The wires of the vendor ollama. */
import type { Asked } from '../../helpers/fake-upstream.ts';
import { chatLines, embedded, ollamaFailure, ollamaLine } from '../../helpers/wire/ollama.ts';
import type { ChatWire, EmbeddingWire, Heard } from './wire.ts';

interface WireBody {
  model: string;
  messages: readonly {
    role: string;
    content: string;
    images?: readonly string[];
    tool_calls?: readonly { function: { name: string; arguments: unknown } }[];
  }[];
  tools?: readonly { function: { name: string; parameters: unknown } }[];
  format?: unknown;
  options?: { num_predict?: number; temperature?: number; stop?: readonly string[]; seed?: number };
}

export const ollamaChat: ChatWire = {
  modelName: 'llama3.2',
  answer: (said) => chatLines(said),
  failure: ollamaFailure,
  failureEvent: ollamaLine({ error: 'an error was encountered while running the model' }),
  heard,
  cannotSay: ['refusal', 'content filter', 'usage of reasoning', 'usage of cache'],
  refuses: ['image url', 'tool_choice'],
};

export const ollamaEmbeddings: EmbeddingWire = {
  modelName: 'all-minilm',
  answer: embedded,
  heard(asked) {
    const { model, input } = asked.json as { model: string; input: readonly string[] };
    return { model, key: keyIn(asked), texts: input };
  },
};

function heard(asked: Asked): Heard {
  const body = asked.json as WireBody;
  const of = (role: string) => body.messages.filter((message) => message.role === role);
  const textsOf = (role: string) => of(role).flatMap(({ content }) => (content === '' ? [] : [content]));
  const { options = {}, format } = body;
  return {
    model: body.model,
    key: keyIn(asked),
    system: textsOf('system').join('\n'),
    userTexts: textsOf('user'),
    assistantTexts: textsOf('assistant'),
    // The bytes alone: the server finds out what they are.
    images: of('user').flatMap(({ images = [] }) => images.map((data) => `data:image/png;base64,${data}`)),
    tools: (body.tools ?? []).map(({ function: { name, parameters } }) => ({ name, parameters })),
    toolChoice: null,
    toolCalls: of('assistant').flatMap(({ tool_calls: calls = [] }) =>
      calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })),
    ),
    toolResults: textsOf('tool'),
    format: formatOf(format),
    maxTokens: options.num_predict ?? null,
    temperature: options.temperature ?? null,
    stop: options.stop ?? [],
    seed: options.seed ?? null,
  };
}

function keyIn({ headers }: Asked): string | null {
  return headers.authorization?.replace('Bearer ', '') ?? null;
}

function formatOf(format: unknown): Heard['format'] {
  if (format === undefined) return null;
  return format === 'json' ? { type: 'json_object' } : { type: 'json_schema', schema: format };
}
