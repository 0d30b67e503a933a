import type { FinishReason, StartPart } from '../../../core/chat/parts.ts';
import type { StoredError } from '../../../core/errors.ts';
import type { Item, ResponseStart } from '../../../core/response.ts';
import type { Usage } from '../../../core/usage.ts';
import type { Draft } from './item-form.ts';
import { formOf } from './output-items.ts';
import type { ResponseRequest } from './request.ts';
import { type PresentedResponse, presentResponse, type ResponseFacts } from './response-object.ts';

/** How far the telling of an answer has come. */
export interface Telling {
  body: ResponseRequest;
  /** Number of the next event. */
  sequence: number;
  start: ResponseStart | null;
  /** Finished items, as they are stored. */
  output: readonly Item[];
  open: Draft | null;
  /** Has ended, and is an item once it is known whether the answer was cut off there. */
  ended: Draft | null;
  finish: FinishReason | null;
  usage: Usage | null;
}

/** A run in the background is announced and queued before it begins: those events come from the job. */
const eventsOfAcceptance = 2;

export function beginTelling(body: ResponseRequest): Telling {
  return {
    body,
    sequence: body.background ? eventsOfAcceptance : 0,
    start: null,
    output: [],
    open: null,
    ended: null,
    finish: null,
    usage: null,
  };
}

/** The response object as of now. It fails with `error`, and is in progress until it has an end. */
export function responseOf(
  telling: Telling,
  end: { completedAt?: number; error?: StoredError } = {},
): PresentedResponse {
  const { body, start, finish, usage, output, ended, open } = telling;
  const cutOff = [ended, open].flatMap((draft) => (draft ? [formOf(draft.block).item(draft, 'incomplete')] : []));
  const { completedAt = null, error = null } = end;
  return presentResponse(body, {
    ...aboutStart(start, body),
    ...outcome(finish, completedAt, error),
    completedAt,
    error,
    output: error ? [...output, ...cutOff] : output,
    usage,
  });
}

function aboutStart(start: ResponseStart | null, { model }: ResponseRequest) {
  const nothing: StartPart = { type: 'start', id: '', createdAt: 0, model, serviceTier: null, systemFingerprint: null };
  const { id, createdAt, serviceTier } = start ?? nothing;
  return { id: `resp_${id}`, createdAt, model, serviceTier, stored: start?.stored ?? false };
}

function outcome(
  finish: FinishReason | null,
  completedAt: number | null,
  error: StoredError | null,
): Pick<ResponseFacts, 'status' | 'incompleteReason'> {
  if (error) return { status: 'failed', incompleteReason: null };
  if (completedAt === null) return { status: 'in_progress', incompleteReason: null };
  if (finish === 'length') return { status: 'incomplete', incompleteReason: 'max_output_tokens' };
  if (finish === 'content_filter') return { status: 'incomplete', incompleteReason: 'content_filter' };
  return { status: 'completed', incompleteReason: null };
}
