import type { Target } from '../../../src/adapters/providers/vendor.ts';
import type { Answer, Asked } from '../../helpers/fake-upstream.ts';
import type { Said } from '../../helpers/wire/said.ts';

/** How the suites make the fake upstream speak as one vendor does, and understand what it was asked. */
export interface ChatWire {
  /** The model's name at the vendor, where a test does not care. */
  modelName: string;
  /** `url` is the fake upstream's, without `/v1` and with a slash at its end. */
  target?(url: string): Partial<Target>;
  /** A whole answer as the vendor streams it, each event a piece of its own. */
  answer(said: Said): Answer;
  /** The vendor's way of saying no. */
  failure(status: number, message: string): Answer;
  /** An event in the middle of a stream that says it failed, as a piece; null for a vendor that has none. */
  failureEvent: string | null;
  heard(asked: Asked): Heard;
  /** What of `Said` its wire has no words for. */
  cannotSay?: readonly (
    | 'reasoning'
    | 'refusal'
    | 'content filter'
    | 'parallel tool calls'
    | 'usage of reasoning'
    | 'usage of cache'
  )[];
  /** What of `ChatRequest` it refuses. Without `tool_choice` its models choose for themselves, always. */
  refuses?: readonly ('image url' | 'json_object' | 'json_schema' | 'stop' | 'seed' | 'tool_choice')[];
  /** Its id of the request, where no header tells it. */
  upstreamId?: string;
}

/** A request in words of no vendor. What the wire says in no way is left out of a list, or null. */
export interface Heard {
  /** Of the body or the path. */
  model: string;
  /** The credential, without `Bearer`. */
  key: string | null;
  system: string;
  /** Texts of the user's own messages, in order. */
  userTexts: readonly string[];
  assistantTexts: readonly string[];
  /** Addresses, and data as `data:<type>;base64,<data>`. */
  images: readonly string[];
  tools: readonly { name: string; parameters: unknown }[];
  /** `any:<name>` for one tool that must be called. */
  toolChoice: 'auto' | 'any' | 'none' | `any:${string}` | null;
  /** Arguments parsed. */
  toolCalls: readonly { name: string; arguments: unknown }[];
  /** In the order of the calls. A vendor that has no ids tells them by name. */
  toolResults: readonly string[];
  format: { type: 'json_object' } | { type: 'json_schema'; schema: unknown } | null;
  maxTokens: number | null;
  temperature: number | null;
  stop: readonly string[];
  seed: number | null;
}

export interface EmbeddingWire {
  modelName: string;
  answer(vectors: readonly (readonly number[])[], promptTokens: number): Answer;
  heard(asked: Asked): { model: string | null; key: string | null; texts: readonly string[] };
  /** How many texts it takes at once. */
  batchSize?: number;
  /** False where it counts no tokens. */
  tellsUsage?: boolean;
}
