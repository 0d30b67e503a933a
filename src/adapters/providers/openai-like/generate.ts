import type { ChatPart, ChatRequest } from '../../../core/chat.ts';
import type { HttpAnswer } from '../../http/client.ts';
import { assertContentType } from '../../http/content-type.ts';
import { parseJson } from '../../http/read-json.ts';
import { readSse } from '../../http/read-sse.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { malformedAnswer } from '../ask.ts';
import { customToolNames } from '../translation/custom-tools.ts';
import { readAnswer } from '../translation/read-answer.ts';
import type { GenerateCall } from '../vendor.ts';
import { ChatAnswer } from './chat-answer.ts';
import { type ChatChunk, chatChunk } from './chunk.ts';
import type { Connection } from './connection.ts';
import type { ChatTraits } from './description.ts';
import { toWireMessages } from './messages.ts';
import { toWireSettings } from './settings.ts';
import { toWireTools } from './tools.ts';

/** A chat over the wire of Chat Completions, always as a stream. */
export async function* generate(
  connection: Connection,
  traits: ChatTraits,
  call: GenerateCall,
): AsyncGenerator<ChatPart> {
  const onIgnored = (path: string) => call.onIgnored?.(path);
  const body = { model: call.target.modelName, ...toWireRequest(call.request, traits, onIgnored) };
  const answer = await connection.ask(call, 'chat/completions', body);
  assertContentType(answer, 'event stream');
  const wrapped = traits.newerTools ? new Set<string>() : customToolNames(call.request.tools);
  yield* readAnswer(chunksOf(answer, call.target.key), new ChatAnswer(wrapped));
}

async function* chunksOf(answer: HttpAnswer, key: string | null): AsyncGenerator<ChatChunk> {
  for await (const { data } of readSse(answer.body)) {
    if (data === '[DONE]') return answer.release();
    yield parseChunk(data, key);
  }
}

function toWireRequest(request: ChatRequest, traits: ChatTraits, onIgnored: (path: string) => void): object {
  const messages = toWireMessages(request.messages, traits);
  for (const field of request.unknownFields) onIgnored(field);
  return {
    messages: messages.map((message) => traits.adaptMessage?.(message, onIgnored) ?? message),
    ...toWireTools(request, traits),
    ...toWireSettings(request, traits, onIgnored),
    stream: true,
    ...(traits.usageOnRequest && { stream_options: { include_usage: true } }),
  };
}

function parseChunk(data: string, key: string | null): ChatChunk {
  const { data: chunk, error } = chatChunk.safeParse(parseJson(data));
  if (error) throw malformedAnswer(error);
  if (chunk.error) throw upstreamFailure(statusIn(chunk.error), {}, data, key);
  return chunk;
}

/** vLLM writes the status it would have answered with into the error of a stream. */
function statusIn(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN;
  return code >= 400 && code < 600 ? code : 500;
}
