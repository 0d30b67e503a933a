import type { Verbs } from '../core/verbs.ts';
import type { Dependencies } from './dependencies.ts';

/** Every verb, made from what it needs. One line per group. */
export function createVerbs(deps: Dependencies): Verbs {
  return {};
}
