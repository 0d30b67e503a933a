/**
 * A conversation with a model, in words of no dialect and no vendor. Dialects map their wire into `ChatRequest` and
 * `ChatPart`s (`chat/parts.ts`) out of it; vendors do the reverse. What nobody said is null, never a default: defaults are the vendor's.
 */
import type { Phase } from './chat/parts.ts';
import type { SearchRequest } from './search.ts';

export interface ChatRequest {
  /** Name or alias of a router. */
  model: string;
  messages: readonly Message[];
  tools: readonly Tool[];
  toolChoice: ToolChoice | null;
  /** False: at most one call per turn. */
  parallelToolCalls: boolean | null;
  maxOutputTokens: number | null;
  /** Up to 16; the answer ends before the first that appears. */
  stop: readonly string[];
  sampling: Sampling;
  reasoning: Reasoning | null;
  format: OutputFormat | null;
  verbosity: 'low' | 'medium' | 'high' | null;
  /** How many answers, 1 or more. A vendor makes one; the verb asks as often as needed. */
  choices: number;
  serviceTier: string | null;
  /** Says which requests share a prefix worth caching. */
  cacheKey: string | null;
  /** The caller's own name of its end user. */
  endUser: string | null;
  /** Another, by which the vendor tells who breaks its rules. */
  safetyIdentifier: string | null;
  /** Top-level fields of the wire that are in no schema: a relay passes them on, a translation reports them ignored. */
  unknownFields: readonly string[];
}

/** `developer` of newer dialects is `system`. Results of tools are parts of a user's message. */
export interface Message {
  role: 'system' | 'user' | 'assistant';
  name: string | null;
  parts: readonly MessagePart[];
}

export type MessagePart =
  | { type: 'text'; text: string; phase?: Phase }
  | { type: 'refusal'; text: string }
  | { type: 'image'; source: Media; detail: 'low' | 'high' | 'auto' | 'original' | null }
  | { type: 'audio'; source: Media; format: string }
  | { type: 'file'; source: Media; name: string | null }
  | ToolCall
  | ToolResult
  | ReasoningTrace;

/**
 * `data` is base64 without line breaks. `file` is the id of a stored file, which is read before a vendor is called;
 * `param` is where the request names it, for errors.
 */
export type Media =
  | { kind: 'url'; url: string }
  | { kind: 'data'; mediaType: string; data: string }
  | { kind: 'file'; id: string; param: string };

export interface ToolCall {
  type: 'tool_call';
  id: string;
  kind: 'function' | 'custom';
  name: string;
  /** JSON text of a function's arguments, never empty; free text of a custom tool. */
  arguments: string;
  /** Opaque proof some vendors want back with the call. See `ReasoningTrace.signature`. */
  signature: string | null;
}

export interface ToolResult {
  type: 'tool_result';
  callId: string;
  /** The tool's name, where the dialect or an earlier call tells it. */
  name: string | null;
  isError: boolean;
  parts: readonly Extract<MessagePart, { type: 'text' | 'image' | 'file' }>[];
}

/** What a model thought. Replayed unchanged and in its place, or its vendor refuses the conversation. */
export interface ReasoningTrace {
  type: 'reasoning';
  id: string | null;
  text: string;
  /** The text is a summary and not the thoughts themselves. */
  isSummary: boolean;
  /**
   * Opaque, bound to the upstream that made it. Between caller and verb it is sealed and names that upstream; between
   * verb and vendor it is the vendor's own. The verb withholds it from every other upstream.
   */
  signature: string | null;
  /** The vendor keeps the text to itself; the signature is all there is. */
  redacted: boolean;
}

export interface Tool {
  kind: 'function' | 'custom';
  name: string;
  description: string | null;
  /** JSON Schema of a function's arguments. */
  parameters: Record<string, unknown> | null;
  strict: boolean | null;
  /** What a custom tool takes; null for any text. */
  grammar: { syntax: 'lark' | 'regex'; definition: string } | null;
}

/** `allowed` names the tools that may be called; null for all. One tool by name is `any` with one allowed. */
export interface ToolChoice {
  mode: 'auto' | 'any' | 'none';
  allowed: readonly string[] | null;
}

export interface Sampling {
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  seed: number | null;
  frequencyPenalty: number | null;
  presencePenalty: number | null;
  /** Token id -> -100 to 100. */
  logitBias: Record<string, number> | null;
  logprobs: boolean | null;
  /** 0 to 20. */
  topLogprobs: number | null;
}

export const noSampling: Sampling = {
  temperature: null,
  topP: null,
  topK: null,
  seed: null,
  frequencyPenalty: null,
  presencePenalty: null,
  logitBias: null,
  logprobs: null,
  topLogprobs: null,
};

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

export interface Reasoning {
  effort: Effort | null;
  /** Tokens; 0 for none, -1 for as many as the model sees fit. */
  budgetTokens: number | null;
  /** Whether the caller wants to see (a summary of) the thoughts. */
  summary: 'auto' | 'concise' | 'detailed' | null;
  /** Whether the caller wants the signature, to replay the thoughts later. */
  includeSignature: boolean;
}

export type OutputFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      name: string;
      description: string | null;
      schema: Record<string, unknown>;
      strict: boolean | null;
    };

/** An upstream's way of writing requests and answers, where a caller's may be passed on as they are. */
export type WireDialect = 'openai-chat' | 'openai-completions' | 'openai-responses';

/** The request as its caller wrote it. */
export interface WireRequest {
  dialect: WireDialect;
  /** The body's JSON text. */
  bytes: Uint8Array;
  stream: boolean;
  /** The caller did not ask for the frame with the usage, and must not get it. */
  hidesUsage: boolean;
}

/** `wire` is null when the caller asked for something that only a translation can give. */
export interface ChatCall {
  request: ChatRequest;
  wire: WireRequest | null;
  /** Answer the last message from what this finds in collections. Its text is the query. */
  search?: ChatSearch;
  /** Keep the conversation with its answer, under these labels of the caller's. */
  keep?: { metadata: Record<string, string> };
}

export type ChatSearch = Omit<SearchRequest, 'query'>;
