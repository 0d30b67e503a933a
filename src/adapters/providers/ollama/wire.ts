/** Ollama's API as far as we speak it. */

export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  thinking?: string;
  /** Base64. */
  images?: readonly string[];
  tool_calls?: readonly { id: string; function: { name: string; arguments: Record<string, unknown> } }[];
  tool_name?: string;
  tool_call_id?: string;
}

export interface WireLogprob {
  token: string;
  logprob: number;
  bytes?: readonly number[];
  top_logprobs?: readonly WireLogprob[];
}

/** A line of a streamed answer, or an error in place of one. */
export interface WireLine {
  model?: string;
  message?: {
    content?: string;
    thinking?: string;
    tool_calls?: readonly { id?: string; function: { name: string; arguments?: Record<string, unknown> } }[];
  };
  logprobs?: readonly WireLogprob[];
  done?: boolean;
  done_reason?: string;
  prompt_eval_count?: number;
  eval_count?: number;
  error?: string;
}
