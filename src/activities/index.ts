import type { Verbs } from '../core/verbs.ts';
import type { Dependencies } from './dependencies.ts';
import { createEmbed } from './embed.ts';
import { createIdentityVerbs } from './identity/index.ts';

/** Every verb, made from what it needs. One line per group. */
export function createVerbs(deps: Dependencies): Verbs {
  return {
    ...createIdentityVerbs(deps),
    embed: createEmbed(deps),
  };
}
