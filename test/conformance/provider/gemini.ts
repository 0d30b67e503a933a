/** The wires of the vendor gemini. */
import type { Asked } from '../../helpers/fake-upstream.ts';
import { embeddingBatch, geminiFailure, generationStream } from '../../helpers/wire/gemini.ts';
import type { ChatWire, EmbeddingWire, Heard } from './wire.ts';

interface WirePart {
  text?: string;
  inlineData?: { mimeType: string; data: string };
  fileData?: { fileUri: string };
  functionCall?: { name: string; args: unknown };
  functionResponse?: { response: { output?: unknown } };
}

interface WireBody {
  systemInstruction?: { parts: readonly WirePart[] };
  contents: readonly { role: string; parts: readonly WirePart[] }[];
  tools?: readonly { functionDeclarations: readonly { name: string; parametersJsonSchema: unknown }[] }[];
  toolConfig?: { functionCallingConfig: { mode: string; allowedFunctionNames?: readonly string[] } };
  generationConfig?: {
    responseMimeType?: string;
    responseJsonSchema?: unknown;
    maxOutputTokens?: number;
    temperature?: number;
    stopSequences?: readonly string[];
    seed?: number;
  };
}

export const geminiChat: ChatWire = {
  modelName: 'gemini-3-flash',
  answer: (said) => generationStream(said),
  failure: geminiFailure,
  failureEvent: 'data: {"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL"}}\n\n',
  heard,
  upstreamId: 'resp_upstream',
  cannotSay: ['refusal'],
};

export const geminiEmbeddings: EmbeddingWire = {
  modelName: 'gemini-embedding-001',
  answer: embeddingBatch,
  heard(asked) {
    const { requests } = asked.json as { requests: readonly { content: { parts: readonly WirePart[] } }[] };
    const texts = requests.flatMap(({ content }) => textsOf(content.parts));
    return { model: modelIn(asked), key: keyIn(asked), texts };
  },
  batchSize: 100,
  tellsUsage: false,
};

function heard(asked: Asked): Heard {
  const body = asked.json as WireBody;
  const of = (role: string) => body.contents.flatMap((content) => (content.role === role ? content.parts : []));
  const config = body.generationConfig ?? {};
  return {
    model: modelIn(asked),
    key: keyIn(asked),
    system: textsOf(body.systemInstruction?.parts ?? []).join('\n'),
    userTexts: textsOf(of('user')),
    assistantTexts: textsOf(of('model')),
    images: of('user').flatMap(addressesIn),
    tools: (body.tools ?? []).flatMap(({ functionDeclarations: functions }) =>
      functions.map(({ name, parametersJsonSchema: parameters }) => ({ name, parameters })),
    ),
    toolChoice: toolChoiceOf(body.toolConfig),
    toolCalls: of('model').flatMap(({ functionCall: call }) =>
      call ? [{ name: call.name, arguments: call.args }] : [],
    ),
    toolResults: of('user').flatMap(({ functionResponse }) =>
      functionResponse ? [textOf(functionResponse.response)] : [],
    ),
    format: formatOf(config),
    maxTokens: config.maxOutputTokens ?? null,
    temperature: config.temperature ?? null,
    stop: config.stopSequences ?? [],
    seed: config.seed ?? null,
  };
}

function modelIn({ path }: Asked): string {
  return /\/models\/([^:?]+)/.exec(path)?.[1] ?? '';
}

function keyIn({ headers }: Asked): string | null {
  const key = headers['x-goog-api-key'];
  return typeof key === 'string' ? key : null;
}

function textsOf(parts: readonly WirePart[]): string[] {
  return parts.flatMap(({ text }) => text ?? []);
}

function addressesIn({ inlineData, fileData }: WirePart): string[] {
  if (inlineData) return [`data:${inlineData.mimeType};base64,${inlineData.data}`];
  return fileData ? [fileData.fileUri] : [];
}

/** An object of the tool's own is its text; any other text is wrapped. */
function textOf(response: { output?: unknown }): string {
  return typeof response.output === 'string' ? response.output : JSON.stringify(response);
}

function toolChoiceOf(config: WireBody['toolConfig']): Heard['toolChoice'] {
  if (!config) return null;
  const { mode, allowedFunctionNames: [only, ...others] = [] } = config.functionCallingConfig;
  if (mode === 'ANY') return only !== undefined && others.length === 0 ? `any:${only}` : 'any';
  return mode === 'NONE' ? 'none' : 'auto';
}

function formatOf(config: NonNullable<WireBody['generationConfig']>): Heard['format'] {
  if (config.responseMimeType === undefined) return null;
  const schema = config.responseJsonSchema;
  return schema === undefined ? { type: 'json_object' } : { type: 'json_schema', schema };
}
