import type { ResponseVerbs } from '../../core/verbs.ts';
import { createCountInputTokens } from './count-input-tokens.ts';
import type { ResponseDependencies, StoreDependencies } from './dependencies.ts';
import { createRespond } from './respond.ts';
import { createResponseStorage } from './storage.ts';
import { createStoredResponseVerbs } from './stored.ts';

/** Everything about answers that are kept. */
export function createResponseVerbs(given: StoreDependencies & Omit<ResponseDependencies, 'storage'>): ResponseVerbs {
  const deps: ResponseDependencies = { ...given, storage: createResponseStorage(given) };
  return {
    respond: createRespond(deps),
    countInputTokens: createCountInputTokens(deps),
    ...createStoredResponseVerbs(deps),
  };
}
