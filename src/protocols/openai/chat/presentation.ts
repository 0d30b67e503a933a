import type { ChatBody } from './request-schema.ts';

/** What of an answer its caller wants to see, and in which words. */
export interface Presentation {
  /** What the model thought, and what proves it. */
  reasoning: boolean;
  /** S4's additions to the usage. */
  cost: boolean;
  /** One `function_call` in place of `tool_calls`. */
  legacyCall: boolean;
}

/** For callers who asked for nothing in particular. */
export const plain: Presentation = { reasoning: false, cost: false, legacyCall: false };

export function presentationOf(body: ChatBody): Presentation {
  return {
    reasoning: body.include_reasoning === true,
    cost: body.include_cost === true || isSearching(body),
    legacyCall: Boolean(body.functions),
  };
}

function isSearching(body: ChatBody): boolean {
  return body.search === true || body.tools?.some(({ type }) => type === 'search') === true;
}
