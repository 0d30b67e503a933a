import { GatewayError } from '../../../core/errors.ts';
import type { ResponseRequest } from './request.ts';

interface Refusal {
  param: string;
  code: 'unsupported_value' | 'invalid_request';
  applies(body: ResponseRequest): boolean;
  message: string;
}

/** What is understood and not done here, and fields that contradict each other. */
const refusals: readonly Refusal[] = [
  {
    param: 'access_programs',
    code: 'unsupported_value',
    applies: ({ access_programs }) => access_programs != null,
    message: 'Access programs are those of an OpenAI account.',
  },
  {
    param: 'context_management',
    code: 'unsupported_value',
    applies: ({ context_management }) => (context_management ?? []).length > 0,
    message: 'Conversations are not compacted here.',
  },
  {
    param: 'image',
    code: 'unsupported_value',
    applies: ({ image }) => image?.context_compression === 'enabled',
    message: 'Images are not compressed here.',
  },
  {
    param: 'moderation',
    code: 'unsupported_value',
    applies: ({ moderation }) => moderation != null,
    message: 'Requests and answers are not moderated here.',
  },
  {
    param: 'prompt',
    code: 'unsupported_value',
    applies: ({ prompt }) => prompt != null,
    message: 'Prompt templates are those of an OpenAI account.',
  },
  {
    param: 'store',
    code: 'unsupported_value',
    applies: ({ background, store }) => background === true && store === false,
    message: 'A response in the background is stored.',
  },
  {
    param: 'previous_response_id',
    code: 'invalid_request',
    applies: ({ conversation, previous_response_id }) => Boolean(conversation && previous_response_id),
    message: 'A response goes on with a conversation or from a previous response, not both.',
  },
  {
    param: 'input',
    code: 'invalid_request',
    applies: (body) => !hasInput(body) && !body.conversation && !body.previous_response_id,
    message: 'Expected input, or something to go on from: conversation or previous_response_id.',
  },
];

/** Throws for the first that applies, with its `param`. */
export function refuse(body: ResponseRequest): void {
  const refusal = refusals.find(({ applies }) => applies(body));
  if (refusal) throw new GatewayError(refusal.code, refusal.message, { param: refusal.param });
}

function hasInput({ input }: ResponseRequest): boolean {
  return typeof input === 'string' || (input ?? []).length > 0;
}
