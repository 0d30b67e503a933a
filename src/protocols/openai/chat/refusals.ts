import { GatewayError } from '../../../core/errors.ts';
import type { ChatBody } from './request-schema.ts';

interface Refusal {
  param: string;
  code: 'unsupported_value' | 'invalid_request';
  applies(body: ChatBody): boolean;
  message: string;
}

/** What is understood and not done here, and fields that contradict each other. */
const refusals: readonly Refusal[] = [
  {
    param: 'modalities',
    code: 'unsupported_value',
    applies: ({ modalities }) => modalities?.includes('audio') === true,
    message: "Answers are text: expected ['text'].",
  },
  {
    param: 'audio',
    code: 'unsupported_value',
    applies: ({ audio }) => isGiven(audio),
    message: 'Answers are text; they cannot be spoken here.',
  },
  {
    param: 'web_search_options',
    code: 'unsupported_value',
    applies: ({ web_search_options }) => isGiven(web_search_options),
    message: 'The web cannot be searched here.',
  },
  {
    param: 'moderation',
    code: 'unsupported_value',
    applies: ({ moderation }) => isGiven(moderation),
    message: 'Requests and answers are not moderated here.',
  },
  {
    param: 'stream_options',
    code: 'invalid_request',
    applies: ({ stream, stream_options }) => isGiven(stream_options) && stream !== true,
    message: 'Only allowed together with stream: true.',
  },
  {
    param: 'top_logprobs',
    code: 'invalid_request',
    applies: ({ logprobs, top_logprobs }) => isGiven(top_logprobs) && logprobs !== true,
    message: 'Only allowed together with logprobs: true.',
  },
  {
    param: 'functions',
    code: 'invalid_request',
    applies: ({ functions, tools }) => isGiven(functions) && isGiven(tools),
    message: 'Expected tools or functions, not both.',
  },
  {
    param: 'function_call',
    code: 'invalid_request',
    applies: ({ function_call, tool_choice }) => isGiven(function_call) && isGiven(tool_choice),
    message: 'Expected tool_choice or function_call, not both.',
  },
];

/** Throws for the first that applies, with its `param`. */
export function refuse(body: ChatBody): void {
  const refusal = refusals.find(({ applies }) => applies(body));
  if (!refusal) return;
  const { code, param, message } = refusal;
  throw new GatewayError(code, `${param}: ${message}`, { param });
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
