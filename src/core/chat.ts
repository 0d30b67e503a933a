/**
 * A conversation with a model, in words of no dialect and no vendor. Dialects map their wire into `ChatRequest` and
 * `ChatPart`s out of it; vendors do the reverse. What nobody said is null, never a default: defaults are the vendor's.
 */
import type { BlobRef } from './blob.ts';
import type { SearchHit, SearchRequest } from './search.ts';
import { type Bill, type Usage, usageOf } from './usage.ts';

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
  | { type: 'text'; text: string }
  | { type: 'refusal'; text: string }
  | { type: 'image'; source: Media; detail: 'low' | 'high' | 'auto' | 'original' | null }
  | { type: 'audio'; source: Media; format: string }
  | { type: 'file'; source: Media; name: string | null }
  | ToolCall
  | ToolResult
  | ReasoningTrace;

/** `data` is base64 without line breaks. */
export type Media =
  | { kind: 'url'; url: string }
  | { kind: 'data'; mediaType: string; data: string }
  | { kind: 'blob'; blob: BlobRef };

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

/**
 * What a model says, as it says it. `start` comes first. Each block is begun, grows, and ends under its `id`, which is
 * unique in the answer; blocks of one choice never interleave. Each choice ends with `finish`, the whole with `usage`.
 * A stream that ends without the `finish` of every choice was cut off: an error is thrown, never a clean end.
 */
export type ChatPart =
  | StartPart
  | SearchPart
  | { type: 'block-start'; choice: number; id: string; block: Block }
  | { type: 'block-delta'; choice: number; id: string; delta: string; logprobs: readonly TokenLogprob[] | null }
  | { type: 'block-end'; choice: number; id: string; signature: string | null; annotations: readonly Annotation[] }
  | { type: 'finish'; choice: number; reason: FinishReason; stopSequence: string | null }
  | UsagePart
  | WirePart;

export interface StartPart {
  type: 'start';
  /** The answer's id: the request's, without a dialect's prefix. */
  id: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The name the caller used. */
  model: string;
  serviceTier: string | null;
  systemFingerprint: string | null;
}

/** What was found for a call with `search`; right after `start`. */
interface SearchPart {
  type: 'search';
  hits: readonly SearchHit[];
}

export interface UsagePart {
  type: 'usage';
  usage: Usage;
  /** Null from a vendor; the verb works it out. */
  bill: Bill | null;
}

/** The upstream's own bytes, for a caller of the same dialect. An answer has either these alone or none of them. */
export interface WirePart {
  type: 'wire';
  bytes: Uint8Array;
}

export type Block =
  | { kind: 'text' }
  | { kind: 'refusal' }
  | { kind: 'reasoning'; isSummary: boolean; redacted: boolean }
  | { kind: 'tool_call'; callId: string; name: string; toolKind: 'function' | 'custom' };

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: readonly number[] | null;
  top: readonly { token: string; logprob: number; bytes: readonly number[] | null }[];
}

/** A source that the model cites. Offsets count UTF-16 units in the text of the block. */
export interface Annotation {
  type: 'url_citation';
  url: string;
  title: string | null;
  start: number;
  end: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

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

export interface ChatBlock {
  id: string;
  block: Block;
  text: string;
  signature: string | null;
  annotations: readonly Annotation[];
  logprobs: readonly TokenLogprob[] | null;
}

export interface ChatChoice {
  index: number;
  blocks: readonly ChatBlock[];
  finishReason: FinishReason;
  stopSequence: string | null;
}

/** The whole answer, folded from its parts. */
export interface ChatAnswer {
  start: StartPart;
  /** Null when nothing was searched. */
  searchHits: readonly SearchHit[] | null;
  choices: readonly ChatChoice[];
  usage: Usage;
  bill: Bill | null;
}

/** Folds the parts of a complete answer. Throws on parts that break the rules of `ChatPart`: a vendor's fault. */
export function collect(parts: Iterable<ChatPart>): ChatAnswer {
  const folding = new Folding();
  for (const part of parts) folding.add(part);
  return folding.result();
}

interface OpenBlock extends ChatBlock {
  text: string;
  signature: string | null;
  annotations: readonly Annotation[];
  logprobs: TokenLogprob[] | null;
}

interface OpenChoice {
  index: number;
  blocks: ChatBlock[];
  finished: ChatChoice | null;
}

class Folding {
  #start: StartPart | null = null;
  #searchHits: readonly SearchHit[] | null = null;
  #usage: UsagePart = { type: 'usage', usage: usageOf({}), bill: null };
  readonly #choices = new Map<number, OpenChoice>();
  readonly #open = new Map<string, OpenBlock>();

  add(part: ChatPart): void {
    switch (part.type) {
      case 'start':
        this.#start = part;
        return;
      case 'search':
        this.#searchHits = part.hits;
        return;
      case 'block-start': {
        const { id, block: kind } = part;
        const block: OpenBlock = { id, block: kind, text: '', signature: null, annotations: [], logprobs: null };
        this.#open.set(part.id, block);
        this.#choice(part.choice).blocks.push(block);
        return;
      }
      case 'block-delta': {
        const block = this.#block(part.id);
        block.text += part.delta;
        if (part.logprobs) block.logprobs = [...(block.logprobs ?? []), ...part.logprobs];
        return;
      }
      case 'block-end': {
        const block = this.#block(part.id);
        block.signature = part.signature;
        block.annotations = part.annotations;
        this.#open.delete(part.id);
        return;
      }
      case 'finish': {
        const choice = this.#choice(part.choice);
        const { reason: finishReason, stopSequence } = part;
        choice.finished = { index: choice.index, blocks: choice.blocks, finishReason, stopSequence };
        return;
      }
      case 'usage':
        this.#usage = part;
        return;
      case 'wire':
        throw new Error('bytes of an upstream are passed on, not folded');
    }
  }

  result(): ChatAnswer {
    const choices = [...this.#choices.values()].sort((a, b) => a.index - b.index).map(({ finished }) => finished);
    const finished = choices.filter((choice) => choice !== null);
    if (this.#start === null || this.#open.size > 0 || finished.length < choices.length || choices.length === 0) {
      throw new Error('the answer was cut off');
    }
    return {
      start: this.#start,
      searchHits: this.#searchHits,
      choices: finished,
      usage: this.#usage.usage,
      bill: this.#usage.bill,
    };
  }

  #choice(index: number): OpenChoice {
    const known = this.#choices.get(index);
    if (known) return known;
    const choice: OpenChoice = { index, blocks: [], finished: null };
    this.#choices.set(index, choice);
    return choice;
  }

  #block(id: string): OpenBlock {
    const block = this.#open.get(id);
    if (!block) throw new Error(`block ${id} is not open`);
    return block;
  }
}
