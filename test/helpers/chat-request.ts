import { type ChatRequest, type Message, noSampling, type Tool } from '../../src/core/chat.ts';

/** A request that says hello, but for what the test says. */
export function buildChatRequest(changes: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'model',
    messages: [userSays('Hello?')],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    maxOutputTokens: null,
    stop: [],
    sampling: noSampling,
    reasoning: null,
    format: null,
    verbosity: null,
    choices: 1,
    serviceTier: null,
    cacheKey: null,
    endUser: null,
    safetyIdentifier: null,
    unknownFields: [],
    ...changes,
  };
}

export function userSays(text: string): Message {
  return { role: 'user', name: null, parts: [{ type: 'text', text }] };
}

export function systemSays(text: string): Message {
  return { role: 'system', name: null, parts: [{ type: 'text', text }] };
}

export function buildTool(name: string, changes: Partial<Tool> = {}): Tool {
  return {
    kind: 'function',
    name,
    description: `Does ${name}.`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: null,
    grammar: null,
    ...changes,
  };
}
