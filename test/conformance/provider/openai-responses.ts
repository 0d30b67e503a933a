/** OpenAI's models over Responses: those that speak nothing else. */
import type { Asked } from '../../helpers/fake-upstream.ts';
import { failure } from '../../helpers/wire/openai.ts';
import { responseStream } from '../../helpers/wire/openai-responses.ts';
import type { ChatWire, Heard } from './wire.ts';

interface WireItem {
  type: string;
  role?: string;
  content?: readonly { type: string; text?: string; image_url?: string }[];
  name?: string;
  arguments?: string;
  output?: string;
}

interface WireBody {
  model: string;
  input: readonly WireItem[];
  tools?: readonly { name: string; parameters: unknown }[];
  tool_choice?: 'auto' | 'none' | 'required' | { name: string };
  text?: { format?: { type: string; schema?: unknown } };
  max_output_tokens?: number;
  temperature?: number;
}

export const openAiResponses: ChatWire = {
  modelName: 'gpt-5-pro',
  answer: (said) => responseStream(said),
  failure,
  failureEvent: `event: error\ndata: ${JSON.stringify({ type: 'error', code: 'server_error', message: 'It failed.' })}\n\n`,
  heard,
  refuses: ['stop', 'seed'],
};

function heard({ json, headers }: Asked): Heard {
  const body = json as WireBody;
  const contentOf = (role: string) => body.input.flatMap((item) => (item.role === role ? (item.content ?? []) : []));
  const textsOf = (role: string) => contentOf(role).flatMap(({ text }) => text ?? []);
  const { tool_choice: choice, text } = body;
  return {
    model: body.model,
    key: headers.authorization?.replace('Bearer ', '') ?? null,
    system: textsOf('system').join('\n'),
    userTexts: textsOf('user'),
    assistantTexts: textsOf('assistant'),
    images: contentOf('user').flatMap(({ image_url: url }) => url ?? []),
    tools: body.tools ?? [],
    toolChoice: typeof choice === 'object' ? `any:${choice.name}` : choice === 'required' ? 'any' : (choice ?? null),
    toolCalls: body.input.flatMap(({ type, name = '', arguments: args = '' }) =>
      type === 'function_call' ? { name, arguments: JSON.parse(args) } : [],
    ),
    toolResults: body.input.flatMap(({ output }) => output ?? []),
    format: formatOf(text?.format),
    maxTokens: body.max_output_tokens ?? null,
    temperature: body.temperature ?? null,
    stop: [],
    seed: null,
  };
}

function formatOf(format: { type: string; schema?: unknown } | undefined): Heard['format'] {
  if (!format) return null;
  return format.type === 'json_object' ? { type: 'json_object' } : { type: 'json_schema', schema: format.schema };
}
