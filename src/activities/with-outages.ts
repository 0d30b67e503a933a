import { GatewayError } from '../core/errors.ts';
import type { Verbs } from '../core/verbs.ts';

const retryAfterMs = 2_000;

/** Verbs whose every failure for lack of the database is `unavailable`, which a retry can help, and not a fault of ours. */
export function withOutages(verbs: Verbs, isStoreOutage: (error: unknown) => boolean): Verbs {
  function translate(error: unknown): unknown {
    if (!isStoreOutage(error)) return error;
    const message = 'The database is not available, please try again later.';
    return new GatewayError('unavailable', message, { cause: error, retryAfterMs });
  }
  const fail = (error: unknown): never => {
    throw translate(error);
  };
  /** By hand: a generator around every stream would cost each part a turn. */
  function stream(parts: AsyncIterable<unknown>): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]() {
        const iterator = parts[Symbol.asyncIterator]();
        return {
          next: () => iterator.next().catch(fail),
          return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
        };
      },
    };
  }
  const wrapped = Object.entries(verbs).map(([name, verb]) => [
    name,
    (input: never, call: never) => {
      const output: Promise<unknown> | AsyncIterable<unknown> = verb(input, call);
      if (Symbol.asyncIterator in output) return stream(output);
      return output.catch(fail);
    },
  ]);
  return Object.fromEntries(wrapped) as unknown as Verbs;
}
