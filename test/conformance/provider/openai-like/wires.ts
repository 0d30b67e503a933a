/** The wires of the vendors that speak Chat Completions, each with its own ways. */
import type { Asked } from '../../../helpers/fake-upstream.ts';
import { chatStream, embeddings, failure } from '../../../helpers/wire/openai.ts';
import type { ChatWire, EmbeddingWire, Heard } from '../wire.ts';

interface WireMessage {
  role: string;
  content: string | readonly { type: string; text?: string; image_url?: { url: string } }[] | null;
  tool_calls?: readonly { function: { name: string; arguments: string } }[];
}

interface WireBody {
  model: string;
  messages: readonly WireMessage[];
  tools?: readonly { function: { name: string; parameters: unknown } }[];
  tool_choice?: string | { function: { name: string } };
  response_format?: { type: string; json_schema?: { schema: unknown } };
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  stop?: readonly string[];
  seed?: number;
  random_seed?: number;
  input?: readonly string[];
}

const openAi: ChatWire = {
  modelName: 'gpt-test',
  answer: (said) => chatStream(said),
  failure,
  failureEvent: `data: ${JSON.stringify({ error: { message: 'The server had an error', type: 'server_error' } })}\n\n`,
  heard,
};

export const openAiLikeChat = {
  albert: openAi,
  azure: openAi,
  mistral: { ...openAi, modelName: 'mistral-small' },
  openai: openAi,
  vllm: openAi,
} satisfies Record<string, ChatWire>;

const openAiEmbeddings: EmbeddingWire = {
  modelName: 'embed-test',
  answer: embeddings,
  heard(asked) {
    const { model, input = [] } = asked.json as WireBody;
    return { model, key: keyIn(asked), texts: input };
  },
};

export const openAiLikeEmbeddings = {
  albert: openAiEmbeddings,
  azure: openAiEmbeddings,
  openai: openAiEmbeddings,
  tei: { ...openAiEmbeddings, batchSize: 32 },
  vllm: openAiEmbeddings,
} satisfies Record<string, EmbeddingWire>;

function heard(asked: Asked): Heard {
  const body = asked.json as WireBody;
  const of = (role: string) => body.messages.filter((message) => message.role === role);
  const { response_format: format, tool_choice: choice } = body;
  return {
    model: body.model,
    key: keyIn(asked),
    system: of('system').flatMap(textsOf).join('\n'),
    userTexts: of('user').flatMap(textsOf),
    assistantTexts: of('assistant').flatMap(textsOf),
    images: of('user').flatMap(imagesOf),
    tools: (body.tools ?? []).map(({ function: { name, parameters } }) => ({ name, parameters })),
    toolChoice: choice === undefined ? null : toolChoiceOf(choice),
    toolCalls: of('assistant').flatMap((message) =>
      (message.tool_calls ?? []).map((call) => ({
        name: call.function.name,
        arguments: JSON.parse(call.function.arguments),
      })),
    ),
    toolResults: of('tool').flatMap(textsOf),
    format: formatOf(format),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    temperature: body.temperature ?? null,
    stop: body.stop ?? [],
    seed: body.seed ?? body.random_seed ?? null,
  };
}

function keyIn({ headers }: Asked): string | null {
  const apiKey = headers['api-key'];
  return typeof apiKey === 'string' ? apiKey : (headers.authorization?.replace('Bearer ', '') ?? null);
}

function textsOf({ content }: WireMessage): string[] {
  if (typeof content === 'string') return [content];
  return (content ?? []).flatMap(({ text }) => text ?? []);
}

function imagesOf({ content }: WireMessage): string[] {
  if (typeof content === 'string') return [];
  return (content ?? []).flatMap(({ image_url: image }) => image?.url ?? []);
}

function toolChoiceOf(choice: NonNullable<WireBody['tool_choice']>): Heard['toolChoice'] {
  if (typeof choice === 'object') return `any:${choice.function.name}`;
  return choice === 'auto' || choice === 'none' ? choice : 'any';
}

function formatOf(format: WireBody['response_format']): Heard['format'] {
  if (format === undefined) return null;
  if (format.type === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', schema: format.json_schema?.schema };
}
