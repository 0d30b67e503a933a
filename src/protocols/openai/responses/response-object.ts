import { errorTable, type StoredError } from '../../../core/errors.ts';
import type { Item } from '../../../core/response.ts';
import type { Usage } from '../../../core/usage.ts';
import type { ResponseRequest } from './request.ts';

/** What is known of an answer at some moment of its life. */
export interface ResponseFacts {
  id: string;
  /** Milliseconds since the epoch; so are all times here. */
  createdAt: number;
  completedAt: number | null;
  model: string;
  serviceTier: string | null;
  stored: boolean;
  status: 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';
  incompleteReason: 'max_output_tokens' | 'content_filter' | null;
  error: StoredError | null;
  output: readonly Item[];
  usage: Usage | null;
}

/** The response object: what was asked, with what goes without saying, and what has come of it so far. */
export function presentResponse(body: ResponseRequest, facts: ResponseFacts) {
  const { status, incompleteReason, error } = facts;
  return {
    id: facts.id,
    object: 'response' as const,
    access_programs: null,
    created_at: seconds(facts.createdAt),
    completed_at: status === 'completed' && facts.completedAt !== null ? seconds(facts.completedAt) : null,
    status,
    background: body.background ?? false,
    error: error && { code: errorCode(error), message: error.message },
    incomplete_details: incompleteReason && { reason: incompleteReason },
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    model: facts.model,
    output: shownItems(facts.output, body.include ?? []),
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    conversation: conversationOf(body),
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: {
      effort: body.reasoning?.effort ?? null,
      summary: body.reasoning?.summary ?? body.reasoning?.generate_summary ?? null,
    },
    safety_identifier: body.safety_identifier ?? null,
    // Until it is known which has served, the one that was asked for.
    service_tier: facts.serviceTier ?? (isUnderWay(status) ? (body.service_tier ?? 'auto') : null),
    store: facts.stored,
    temperature: body.temperature ?? 1,
    text: { format: body.text?.format ?? { type: 'text' }, verbosity: body.text?.verbosity ?? 'medium' },
    tool_choice: body.tool_choice ?? 'auto',
    tools: (body.tools ?? []).map(presentTool),
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: facts.usage && presentResponseUsage(facts.usage),
    user: body.user ?? null,
    metadata: body.metadata ?? {},
  };
}

function isUnderWay(status: ResponseFacts['status']): boolean {
  return status === 'queued' || status === 'in_progress';
}

export type PresentedResponse = ReturnType<typeof presentResponse>;

/** Items without what a reader has to ask for. */
export function shownItems(items: readonly Item[], include: readonly string[]): Item[] {
  return items.map((item) => shownItem(item, include));
}

export function shownItem(item: Item, include: readonly string[]): Item {
  if (include.includes('reasoning.encrypted_content')) return item;
  const { encrypted_content: _withheld, ...shown } = item;
  return shown as Item;
}

function presentResponseUsage(usage: Usage) {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.completionTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.promptTokens + usage.completionTokens,
  };
}

/** Functions are strict unless said otherwise, as far as this object goes; the model is told what the caller said. */
function presentTool(tool: NonNullable<ResponseRequest['tools']>[number]): Record<string, unknown> {
  if (tool.type !== 'function') return tool;
  const strict = tool.strict ?? true;
  const parameters = strict && tool.parameters ? { additionalProperties: false, ...tool.parameters } : tool.parameters;
  return { ...tool, strict, parameters: parameters ?? null };
}

function conversationOf({ conversation }: ResponseRequest): { id: string } | null {
  if (!conversation) return null;
  return { id: typeof conversation === 'string' ? conversation : conversation.id };
}

function errorCode({ code }: StoredError): string {
  if (code === 'rate_limit_exceeded') return code;
  return errorTable[code].status < 500 ? 'invalid_prompt' : 'server_error';
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
