/** Golden cases of vendors: `test/golden/upstreams/<vendor>/<case>/`, and their refusals in one file per vendor. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatPart } from '../../src/core/chat/parts.ts';
import { type ChatRequest, type Message, noSampling, type Sampling, type Tool } from '../../src/core/chat.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import { buildChatRequest } from './chat-request.ts';

const folder = join(import.meta.dirname, '../golden/upstreams');

/** A request as a file has it: what it says nothing about, nobody said. */
type SparseRequest = Partial<Omit<ChatRequest, 'messages' | 'tools' | 'sampling'>> & {
  messages?: readonly (Pick<Message, 'role' | 'parts'> & Partial<Message>)[];
  tools?: readonly (Pick<Tool, 'name'> & Partial<Tool>)[];
  sampling?: Partial<Sampling>;
};

interface Asking {
  /** The model's name at the vendor. */
  model: string;
  request: SparseRequest;
}

export interface RequestCase {
  name: string;
  asking: Asking;
  wire: { body: unknown; ignored: readonly string[] };
}

export interface AnswerCase {
  name: string;
  upstream: Uint8Array;
  /** Either these, */
  parts: readonly ChatPart[] | null;
  /** or the code it fails with. */
  failure: ErrorCode | null;
}

export interface RefusalCase extends Asking {
  title: string;
  code: ErrorCode;
  param: string;
}

export function requestCases(vendor: string): readonly RequestCase[] {
  return casesOf(vendor, 'request-').map(({ name, path }) => ({
    name,
    asking: read(path, 'request.json') as Asking,
    wire: read(path, 'wire.json') as RequestCase['wire'],
  }));
}

export function answerCases(vendor: string): readonly AnswerCase[] {
  return casesOf(vendor, 'answer-').map(({ name, path }) => {
    const fails = existsSync(join(path, 'failed.json'));
    return {
      name,
      upstream: readFileSync(join(path, 'upstream.txt')),
      parts: fails ? null : (read(path, 'parts.json') as readonly ChatPart[]),
      failure: fails ? (read(path, 'failed.json') as { code: ErrorCode }).code : null,
    };
  });
}

export function refusalCases(vendor: string): readonly RefusalCase[] {
  return read(join(folder, vendor), 'refusals.json') as readonly RefusalCase[];
}

export function buildGoldenRequest({ messages, tools, sampling, ...changes }: SparseRequest): ChatRequest {
  const tool = { kind: 'function', description: null, parameters: null, strict: null, grammar: null } as const;
  return buildChatRequest({
    ...changes,
    ...(messages && { messages: messages.map((message) => ({ name: null, ...message })) }),
    ...(tools && { tools: tools.map((changed) => ({ ...tool, ...changed })) }),
    sampling: { ...noSampling, ...sampling },
  });
}

function casesOf(vendor: string, prefix: string): readonly { name: string; path: string }[] {
  return readdirSync(join(folder, vendor))
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ name: name.slice(prefix.length).replaceAll('-', ' '), path: join(folder, vendor, name) }));
}

function read(path: string, file: string): unknown {
  return JSON.parse(readFileSync(join(path, file), 'utf8'));
}
