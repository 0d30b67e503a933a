/** The wire of the vendor anthropic. */
import type { Asked } from '../../helpers/fake-upstream.ts';
import { anthropicEvent, anthropicFailure, messageStream } from '../../helpers/wire/anthropic.ts';
import type { ChatWire, Heard } from './wire.ts';

interface WireBlock {
  type: string;
  text?: string;
  source?: { type: string; media_type?: string; data?: string; url?: string };
  name?: string;
  input?: unknown;
  content?: readonly WireBlock[];
}

interface WireBody {
  model: string;
  system?: readonly WireBlock[];
  messages: readonly { role: string; content: readonly WireBlock[] }[];
  tools?: readonly { name: string; input_schema: unknown }[];
  tool_choice?: { type: 'auto' | 'any' | 'none' | 'tool'; name?: string };
  output_config?: { format?: { schema: unknown } };
  max_tokens: number;
  temperature?: number;
  stop_sequences?: readonly string[];
}

export const anthropicChat: ChatWire = {
  modelName: 'claude-sonnet-4-5',
  answer: (said) => messageStream(said),
  failure: anthropicFailure,
  failureEvent: anthropicEvent({
    type: 'error',
    ...{ error: { type: 'api_error', message: 'Internal server error' } },
  }),
  heard,
  refuses: ['seed'],
};

function heard({ json, headers }: Asked): Heard {
  const body = json as WireBody;
  const of = (role: string) => body.messages.flatMap((message) => (message.role === role ? message.content : []));
  const key = headers['x-api-key'];
  const { tool_choice: choice, output_config: output } = body;
  return {
    model: body.model,
    key: typeof key === 'string' ? key : null,
    system: textsOf(body.system ?? []).join('\n'),
    userTexts: textsOf(of('user')),
    assistantTexts: textsOf(of('assistant')),
    images: of('user').flatMap(({ type, source }) => (type === 'image' && source ? addressOf(source) : [])),
    tools: (body.tools ?? []).map(({ name, input_schema: parameters }) => ({ name, parameters })),
    toolChoice: choice === undefined ? null : choice.type === 'tool' ? `any:${choice.name}` : choice.type,
    toolCalls: of('assistant').flatMap(({ type, name = '', input }) =>
      type === 'tool_use' ? [{ name, arguments: input }] : [],
    ),
    toolResults: of('user').flatMap(({ type, content = [] }) => (type === 'tool_result' ? textsOf(content) : [])),
    format: output?.format ? { type: 'json_schema', schema: output.format.schema } : null,
    maxTokens: body.max_tokens,
    temperature: body.temperature ?? null,
    stop: body.stop_sequences ?? [],
    seed: null,
  };
}

function textsOf(blocks: readonly WireBlock[]): string[] {
  return blocks.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
}

function addressOf({ url, media_type: mediaType, data }: NonNullable<WireBlock['source']>): string {
  return url ?? `data:${mediaType};base64,${data}`;
}
