import type { Block, FinishReason, StartPart, TokenLogprob } from '../../../core/chat.ts';
import type { WireEvent } from '../../../core/endpoint.ts';
import { type GatewayError, type StoredError, storeError } from '../../../core/errors.ts';
import type { Item, RespondPart, ResponseEvent, ResponseStart } from '../../../core/response.ts';
import type { Usage } from '../../../core/usage.ts';
import { type Draft, formOf, type ItemEvent, type ItemStatus } from './output-items.ts';
import type { ResponseRequest } from './request.ts';
import { type PresentedResponse, presentResponse, type ResponseFacts, shownItem } from './response-object.ts';

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

type Told = readonly [Telling, readonly WireEvent[]];

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

/** Parts of an answer to events of the wire. */
export function tell(telling: Telling, part: RespondPart): Told {
  switch (part.type) {
    case 'start':
      return announce({ ...telling, start: part });
    case 'block-start':
      return beginItem(telling, part.id, part.block);
    case 'block-delta':
      return growItem(telling, part.delta, part.logprobs ?? []);
    case 'block-end':
      return endItem(telling, part);
    case 'finish':
      return finishItem({ ...telling, finish: part.reason }, part.reason === 'length' ? 'incomplete' : 'completed');
    case 'usage':
      return [{ ...telling, usage: part.usage }, []];
    case 'end': {
      const response = responseOf(telling, { completedAt: part.at });
      return number(telling, [{ type: `response.${response.status}`, response }]);
    }
    case 'search':
    case 'wire':
      return [telling, []];
  }
}

/** The end of an answer that failed on its way: the error alone, for clients of every age, and the response with it. */
export function tellFailure(telling: Telling, error: GatewayError): Told {
  const stored = storeError(error);
  const { publicMessage: message, code, param, type } = error;
  return number(telling, [
    { type: 'error', code, message, param, error: { type, code, message, param } },
    { type: 'response.failed', response: responseOf(telling, { error: stored }) },
  ]);
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

function announce(telling: Telling): Told {
  const response = responseOf(telling);
  const created = { type: 'response.created', response };
  return number(telling, [...(telling.body.background ? [] : [created]), { type: 'response.in_progress', response }]);
}

function beginItem(telling: Telling, blockId: string, block: Block): Told {
  const [before, eventsBefore] = finishItem(telling, 'completed');
  const form = formOf(block);
  const id = itemId(before, form.prefix, blockId);
  const draft: Draft = { id, block, text: '', logprobs: [], signature: null, annotations: [] };
  const [after, events] = number({ ...before, open: draft }, [
    { type: 'response.output_item.added', output_index: before.output.length, item: form.item(draft, 'in_progress') },
    ...about(before, draft, form.begin(draft)),
  ]);
  return [after, [...eventsBefore, ...events]];
}

function growItem(telling: Telling, delta: string, logprobs: readonly TokenLogprob[]): Told {
  const { open } = telling;
  if (!open || delta === '') return [telling, []];
  const grown = { ...open, text: open.text + delta, logprobs: joined(open.logprobs, logprobs) };
  const events = about(telling, open, formOf(open.block).grow(open, delta, logprobs));
  return number({ ...telling, open: grown }, events);
}

/** Most answers have none, and a copy per token would be quadratic. */
function joined(before: readonly TokenLogprob[], more: readonly TokenLogprob[]): readonly TokenLogprob[] {
  return more.length === 0 ? before : [...before, ...more];
}

function endItem(telling: Telling, part: Extract<RespondPart, { type: 'block-end' }>): Told {
  const [before, eventsBefore] = needsArguments(telling.open) ? growItem(telling, '{}', []) : [telling, []];
  if (!before.open) return [before, eventsBefore];
  const ended = { ...before.open, signature: part.signature, annotations: part.annotations };
  const [after, events] = number(
    { ...before, open: null, ended },
    about(before, ended, formOf(ended.block).end(ended)),
  );
  return [after, [...eventsBefore, ...events]];
}

/** A function that is called with nothing is called with an empty object. */
function needsArguments(draft: Draft | null): boolean {
  return draft?.text === '' && draft.block.kind === 'tool_call' && draft.block.toolKind === 'function';
}

function finishItem(telling: Telling, status: ItemStatus): Told {
  const { ended, output, body } = telling;
  if (!ended) return [telling, []];
  const item = formOf(ended.block).item(ended, status);
  return number({ ...telling, ended: null, output: [...output, item] }, [
    { type: 'response.output_item.done', output_index: output.length, item: shownItem(item, body.include ?? []) },
  ]);
}

/** Vendors of this dialect bind what they sign to their own id of a thought, so that one is kept. */
function itemId({ start, output }: Telling, prefix: string, blockId: string): string {
  return prefix === 'rs' && blockId.startsWith('rs_') ? blockId : `${prefix}_${start?.id ?? ''}_${output.length}`;
}

function about({ output }: Telling, { id }: Draft, events: readonly ItemEvent[]): ItemEvent[] {
  return events.map(({ type, ...rest }) => ({ type, item_id: id, output_index: output.length, ...rest }));
}

function number(telling: Telling, events: readonly ItemEvent[]): Told {
  const numbered = events.map(({ type, ...rest }, index): ResponseEvent => {
    return { type, sequence_number: telling.sequence + index, ...rest };
  });
  return [
    { ...telling, sequence: telling.sequence + events.length },
    numbered.map((data) => ({ event: data.type, data })),
  ];
}
