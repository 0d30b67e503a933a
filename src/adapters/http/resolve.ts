import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { unlessAborted } from './unless-aborted.ts';

/** All addresses of a name, at least one. Throws `NameUnresolved`. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export class NameUnresolved extends Error {
  override readonly name = 'NameUnresolved';
  /** Whether somebody has said that the name has no address; false where nobody answered. */
  readonly isCertain: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.isCertain = codeOf(cause) === 'ENOTFOUND';
  }
}

/** How long a name waits for the system, with those before it. */
const maxSystemMs = 3_000;

/**
 * Asks the name servers, and the system with its hosts file for what they do not know. The system's own look-up has two
 * threads for the whole process and cannot be broken off, so that names whose servers are slow would hold up everybody's:
 * it is not asked for those, and for others one after the other.
 */
export function createResolve({ lookUp = lookup, systemMs = maxSystemMs } = {}): Resolve {
  // The second try has twice the time of the first; both fit into the time that a connection has.
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });

  async function ask(name: string, family: 4 | 6): Promise<LookupAddress[]> {
    const addresses = await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
    return addresses.map((address) => ({ address, family }));
  }

  let line: Promise<unknown> = Promise.resolve();

  async function askSystem(name: string): Promise<readonly LookupAddress[]> {
    const late = AbortSignal.timeout(systemMs);
    const turn = line.then(() => {
      late.throwIfAborted();
      return lookUp(name, { all: true });
    });
    line = turn.catch(() => undefined);
    try {
      return await unlessAborted(turn, late);
    } catch (cause) {
      throw new NameUnresolved('the name has no address', cause);
    }
  }

  return async (name) => {
    if (/(?:^|\.)localhost\.?$/.test(name)) return askSystem(name);
    const answers = await Promise.allSettled([ask(name, 4), ask(name, 6)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    if (reasons.some(isTimeout)) throw new NameUnresolved('the name servers do not answer', reasons.find(isTimeout));
    return askSystem(name);
  };
}

function isTimeout(error: unknown): boolean {
  return ['ETIMEOUT', 'ECANCELLED'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
