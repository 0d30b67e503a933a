import type { GenerateCall } from '../adapters/providers/vendor.ts';
import type { ChatPart } from '../core/chat/parts.ts';
import { sumUsage, type Usage } from '../core/usage.ts';

export type Generate = (call: GenerateCall) => AsyncIterable<ChatPart>;

interface Arrival {
  choice: number;
  iterator: AsyncIterator<ChatPart>;
  /** Null at the end. */
  part: ChatPart | null;
}

/** Answers that are made side by side; the others wait for their turn. */
const lanes = 8;

/**
 * As many answers as the request asks for, of a vendor that makes one at a time, as the parts of one. The usage is that
 * of all of them. When one of them fails the whole does, and the others are given up.
 */
export function generateChoices(generate: Generate, call: GenerateCall): AsyncIterable<ChatPart> {
  return call.request.choices === 1 ? generate(call) : generateAll(generate, call);
}

async function* generateAll(generate: Generate, call: GenerateCall): AsyncGenerator<ChatPart> {
  const ended = new AbortController();
  const signal = AbortSignal.any([call.signal, ended.signal]);
  const iterators: AsyncIterator<ChatPart>[] = [];
  const arrivals = new Map<number, Promise<Arrival>>();
  const listen = (choice: number, iterator: AsyncIterator<ChatPart>) => {
    const arrival = arrivalOf(choice, iterator);
    // It may fail while the reader of another's part takes its time; until it is waited for that must not end the process.
    arrival.catch(() => undefined);
    arrivals.set(choice, arrival);
  };
  const begin = () => {
    const choice = iterators.length;
    const iterator = generate(single({ ...call, signal }, choice))[Symbol.asyncIterator]();
    iterators.push(iterator);
    listen(choice, iterator);
  };
  const usages: Usage[] = [];
  let hasStarted = false;
  try {
    while (iterators.length < Math.min(lanes, call.request.choices)) begin();
    // Until all of them have begun, another provider can be asked instead.
    await Promise.all(arrivals.values());
    while (arrivals.size > 0) {
      const { choice, iterator, part } = await Promise.race(arrivals.values());
      // To the back: an answer that always has something must not keep the others from being heard.
      arrivals.delete(choice);
      if (part) listen(choice, iterator);
      if (!part && iterators.length < call.request.choices) begin();
      if (part?.type === 'usage') usages.push(part.usage);
      else if (part && !(part.type === 'start' && hasStarted)) yield ofChoice(part, choice);
      hasStarted = true;
    }
    if (usages.length > 0) yield { type: 'usage', usage: sumUsage(usages), bill: null };
  } finally {
    ended.abort();
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.()));
  }
}

async function arrivalOf(choice: number, iterator: AsyncIterator<ChatPart>): Promise<Arrival> {
  const next = await iterator.next();
  return { choice, iterator, part: next.done ? null : next.value };
}

/** The same seed would make the same answer every time. */
function single(call: GenerateCall, choice: number): GenerateCall {
  const { sampling } = call.request;
  const seed = sampling.seed === null ? null : sampling.seed + choice;
  return { ...call, request: { ...call.request, choices: 1, sampling: { ...sampling, seed } } };
}

function ofChoice(part: ChatPart, choice: number): ChatPart {
  if (!('choice' in part)) return part;
  return 'id' in part ? { ...part, choice, id: `${choice}-${part.id}` } : { ...part, choice };
}
