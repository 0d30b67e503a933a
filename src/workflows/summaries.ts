import type { PartRange } from '../core/document.ts';
import type { Steps } from './steps.ts';

type Summaries = { [Name in keyof Steps]?: (input: Parameters<Steps[Name]>[0]) => string };

/** What tells steps of one name apart, for people who look at a workflow. */
const summaries: Summaries = {
  extractParts: ({ range }) => `parts ${spanOf(range)}`,
  indexBatches: (range) => `batches ${spanOf(range)}`,
  endJob: ({ outcome }) => outcome,
  runShard: ({ shard }) => `shard ${shard}`,
  closeBatch: ({ outcome }) => outcome,
};

/** Undefined where the step's name says it all. */
export function summaryOf<Name extends keyof Steps>(name: Name, input: Parameters<Steps[Name]>[0]): string | undefined {
  return summaries[name]?.(input);
}

function spanOf({ from, to }: PartRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}
