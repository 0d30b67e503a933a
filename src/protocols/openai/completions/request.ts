import { z } from 'zod';
import type { ChatCall, ChatRequest } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import { leavesRoutingAlone } from '../routing-fields.ts';
import { samplingFields, streamFields, toSampling, toStop } from '../sampling.ts';

/** OpenAI's, for a request that says nothing. */
const defaultMaxTokens = 16;
const token = z.int().nonnegative();

/** Unknown fields stay: an upstream that takes the body as it is may know them. */
export const completionRequest = z.looseObject({
  model: z.string().trim().min(1).describe('Name or alias of a router.'),
  prompt: z
    .union([z.string(), z.array(z.string()).min(1), z.array(token).min(1), z.array(z.array(token).min(1)).min(1)])
    .describe('One text. Several, and tokens, are refused.'),
  ...samplingFields,
  ...streamFields,
  max_tokens: z.int().min(1).default(defaultMaxTokens).nullable(),
  n: z.int().min(1).max(128).nullish(),
  best_of: z.int().min(1).max(20).nullish().describe('Refused, unless it is n.'),
  echo: z.boolean().nullish().describe('The prompt stands before the answer.'),
  logprobs: z.int().min(0).max(5).nullish(),
  suffix: z.string().nullish().describe('Refused.'),
  user: z.string().nullish().describe('Your own name of your end user.'),
});

export type CompletionBody = z.output<typeof completionRequest>;

const known = new Set(Object.keys(completionRequest.shape));

/** The prompt becomes the message of a user. Throws what names the field that cannot be honoured. */
export function toCompletionCall(body: CompletionBody, bytes: Uint8Array | null): ChatCall {
  const stream = body.stream === true;
  refuse(body);
  return {
    request: toRequest(body),
    wire:
      bytes === null || !leavesRoutingAlone(body, known)
        ? null
        : {
            dialect: 'openai-completions',
            bytes,
            stream,
            hidesUsage: stream && body.stream_options?.include_usage !== true,
          },
  };
}

/** The one text of the prompt. */
export function promptOf({ prompt }: CompletionBody): string {
  const [text, ...others] = [prompt].flat();
  if (typeof text !== 'string') {
    throw refusal('prompt', 'Expected a string, got tokens: they belong to the tokenizer of one model. Send the text.');
  }
  if (others.length > 0)
    throw refusal('prompt', `Expected one text, got ${others.length + 1}. Send a request for each.`);
  return text;
}

function toRequest(body: CompletionBody): ChatRequest {
  const { logprobs } = body;
  return {
    model: body.model,
    messages: [{ role: 'user', name: null, parts: [{ type: 'text', text: promptOf(body) }] }],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    maxOutputTokens: body.max_tokens ?? defaultMaxTokens,
    stop: toStop(body.stop),
    sampling: { ...toSampling(body), logprobs: typeof logprobs === 'number' || null, topLogprobs: logprobs ?? null },
    reasoning: null,
    format: null,
    verbosity: null,
    choices: body.n ?? 1,
    serviceTier: null,
    cacheKey: null,
    endUser: body.user ?? null,
    safetyIdentifier: null,
    unknownFields: Object.keys(body).filter((name) => !known.has(name) && body[name] !== null),
  };
}

function refuse({ suffix, best_of, n, echo, logprobs, stream, stream_options }: CompletionBody): void {
  if (suffix) throw refusal('suffix', 'Text cannot be inserted before a suffix here.');
  if (best_of && best_of !== (n ?? 1))
    throw refusal('best_of', 'Expected as many as n: all answers that are made are given.');
  if (echo && typeof logprobs === 'number')
    throw refusal('logprobs', 'Those of the prompt, which echo asks for, are not known.');
  if (stream_options && stream !== true) {
    throw new GatewayError('invalid_request', 'stream_options: Only allowed together with stream: true.', {
      param: 'stream_options',
    });
  }
}

function refusal(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_value', `${param}: ${message}`, { param });
}
