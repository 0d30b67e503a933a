import type { Block, TokenLogprob } from '../../../core/chat/parts.ts';
import type { WireEvent } from '../../../core/endpoint.ts';
import { type GatewayError, storeError } from '../../../core/errors.ts';
import type { RespondPart, ResponseEvent } from '../../../core/response.ts';
import { hear } from './heard-logprobs.ts';
import type { Draft, ItemEvent, ItemStatus } from './item-form.ts';
import { inCallersWords } from './namespaces.ts';
import { formOf } from './output-items.ts';
import { shownItem } from './response-object.ts';
import { responseOf, type Telling } from './telling.ts';

type Told = readonly [Telling, readonly WireEvent[]];

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
      return finish(telling, part);
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

function announce(telling: Telling): Told {
  const response = responseOf(telling);
  const created = { type: 'response.created', response };
  return number(telling, [...(telling.body.background ? [] : [created]), { type: 'response.in_progress', response }]);
}

function beginItem(telling: Telling, blockId: string, block: Block): Told {
  const [before, eventsBefore] = finishItem(telling, 'completed');
  const form = formOf(block);
  const id = itemId(before, form.prefix, blockId);
  const named = inCallersWords(block, telling.body.tools ?? []);
  const draft: Draft = { id, ...named, text: '', logprobs: null, signature: null, annotations: [] };
  const [after, events] = number({ ...before, open: draft }, [
    { type: 'response.output_item.added', output_index: before.output.length, item: form.item(draft, 'in_progress') },
    ...about(before, draft, form.begin(draft)),
  ]);
  return [after, [...eventsBefore, ...events]];
}

function growItem(telling: Telling, delta: string, logprobs: readonly TokenLogprob[]): Told {
  const { open } = telling;
  if (!open || delta === '') return [telling, []];
  const grown = { ...open, text: open.text + delta, logprobs: hear(open.logprobs, logprobs) };
  const events = about(telling, open, formOf(open.block).grow(open, delta, logprobs));
  return number({ ...telling, open: grown }, events);
}

function endItem(telling: Telling, part: Extract<RespondPart, { type: 'block-end' }>): Told {
  if (!telling.open) return [telling, []];
  const ended = { ...telling.open, signature: part.signature, annotations: part.annotations };
  return number({ ...telling, open: null, ended }, about(telling, ended, formOf(ended.block).end(ended)));
}

function finishItem(telling: Telling, status: ItemStatus): Told {
  const { ended, output, body } = telling;
  if (!ended) return [telling, []];
  const item = formOf(ended.block).item(ended, status);
  return number({ ...telling, ended: null, output: [...output, item] }, [
    { type: 'response.output_item.done', output_index: output.length, item: shownItem(item, body.include ?? []) },
  ]);
}

function finish(telling: Telling, { reason, serviceTier }: Extract<RespondPart, { type: 'finish' }>): Told {
  const start = telling.start && serviceTier ? { ...telling.start, serviceTier } : telling.start;
  return finishItem({ ...telling, start, finish: reason }, reason === 'length' ? 'incomplete' : 'completed');
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
