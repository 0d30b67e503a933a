import { z } from 'zod';
import { phases } from '../../../core/chat/parts.ts';
import { isRecord } from '../../../core/json/is-record.ts';
import { messageContent, toolOutput } from './content.ts';

const id = z.string().min(1).max(256).nullish();
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const callId = z.string().min(1);

const message = z.looseObject({
  type: z.literal('message').optional(),
  id,
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: messageContent,
  phase: z.enum(phases).nullish(),
  status,
});

const reasoning = z.looseObject({
  type: z.literal('reasoning'),
  id,
  summary: z.array(z.looseObject({ type: z.literal('summary_text'), text: z.string() })).default([]),
  content: z.array(z.looseObject({ type: z.literal('reasoning_text'), text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
  status,
});

const functionCall = z.looseObject({
  type: z.literal('function_call'),
  id,
  call_id: callId,
  name: z.string().min(1),
  namespace: z.string().nullish(),
  arguments: z.string(),
  /** Ours: what some vendors want back with the call. */
  encrypted_content: z.string().nullish(),
  status,
});

const functionCallOutput = z.looseObject({
  type: z.literal('function_call_output'),
  id,
  call_id: callId,
  output: toolOutput,
  status,
});

const customToolCall = z.looseObject({
  type: z.literal('custom_tool_call'),
  id,
  call_id: callId,
  name: z.string().min(1),
  namespace: z.string().nullish(),
  input: z.string(),
  encrypted_content: z.string().nullish(),
  status,
});

const customToolCallOutput = z.looseObject({
  type: z.literal('custom_tool_call_output'),
  id,
  call_id: callId,
  output: toolOutput,
  status,
});

const itemReference = z.looseObject({ type: z.literal('item_reference'), id: z.string().min(1) });

/** What a conversation can hold. */
export const conversationItem = z.discriminatedUnion('type', [
  message,
  reasoning,
  functionCall,
  functionCallOutput,
  customToolCall,
  customToolCallOutput,
]);

/** What a request can say: the same, and the name of an item that is kept here, which need not say that it is one. */
export const inputItem = z.preprocess(
  (item) => (isBareReference(item) ? { ...item, type: 'item_reference' } : item),
  z.discriminatedUnion('type', [...conversationItem.options, itemReference]),
);

const marks: ReadonlySet<string> = new Set(['id', 'type']);

function isBareReference(item: unknown): item is Record<string, unknown> {
  return isRecord(item) && item['type'] == null && 'id' in item && Object.keys(item).every((key) => marks.has(key));
}

export type ConversationItem = z.output<typeof conversationItem>;
export type InputItem = z.output<typeof inputItem>;
