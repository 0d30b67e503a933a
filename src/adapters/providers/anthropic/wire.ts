/** The Messages API as far as we speak it. */

export interface WireText {
  type: 'text';
  text: string;
}

export type WireSource =
  | { type: 'base64'; media_type: string; data: string }
  | { type: 'text'; media_type: 'text/plain'; data: string }
  | { type: 'url'; url: string };

export type WireBlock =
  | WireText
  | { type: 'image'; source: WireSource }
  | { type: 'document'; source: WireSource; title?: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> }
  | { type: 'tool_result'; tool_use_id: string; content: readonly WireBlock[]; is_error?: true };

export interface WireMessage {
  role: 'user' | 'assistant' | 'system';
  content: readonly WireBlock[];
}

export interface WireUsage {
  /** Without what was read from or written to the cache. */
  input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  output_tokens?: number | null;
  output_tokens_details?: { thinking_tokens?: number | null } | null;
}

/** An event of the stream. What is not listed, such as `ping`, means nothing to us. */
export type WireEvent =
  | { type: 'message_start'; message: { id: string; model: string; usage?: WireUsage & { service_tier?: string } } }
  | { type: 'content_block_start'; index: number; content_block: StartedBlock }
  | { type: 'content_block_delta'; index: number; delta: BlockDelta }
  | { type: 'content_block_stop'; index: number }
  | { type: 'message_delta'; delta: MessageDelta; usage?: WireUsage }
  | { type: 'message_stop' }
  | { type: 'error'; error: { type?: string; message?: string } }
  | { type: 'ping' };

export type StartedBlock =
  | { type: 'text'; text?: string }
  | { type: 'thinking'; thinking?: string; signature?: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input?: Record<string, unknown> };

export type BlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string };

export interface MessageDelta {
  stop_reason?: string | null;
  stop_sequence?: string | null;
  stop_details?: { explanation?: string | null } | null;
}
