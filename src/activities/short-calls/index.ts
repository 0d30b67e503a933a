import type { Principals } from '../../adapters/mongo/principals.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call, Served, StreamVerb, Verb } from '../../core/call.ts';
import { toGatewayError } from '../../core/errors.ts';
import { whole } from '../../core/invoke.ts';
import { makeParcel, openParcel, type ShortAnswer, uploadOf } from '../../core/short-call.ts';
import type { ShortCallSteps, Verbs } from '../../core/verbs.ts';

export interface ShortCallDependencies {
  blobs: BlobStore;
  principals: Principals;
}

/** The worker's side of a short call: the same verb, for the same caller, as it would run in the API. */
export function createShortCallSteps(deps: ShortCallDependencies, verbs: () => Verbs): ShortCallSteps {
  return {
    async runShortCall({ verb, input, userId, keyId, requestId, operation }, call): Promise<ShortAnswer> {
      let served: Served | null = null;
      const store = {
        put: (bytes: Uint8Array) => deps.blobs.put(userId, uploadOf(bytes), call.signal),
        read: (id: string) => deps.blobs.read(userId, id),
      };
      try {
        const principal = { ...(await deps.principals.ofUser(userId)), keyId };
        const told = (by: Served) => {
          served = by;
        };
        // Somebody waits for it, unlike for the other work of a worker.
        const caller = { principal, requestId, operation, served: told };
        const inner: Call = { ...call, ...caller, inBackground: false, wantsWhole: true };
        const work = verbs()[verb] as Verb<unknown, unknown> | StreamVerb<unknown, unknown>;
        const output = await whole(work(await openParcel(store, input), inner));
        return { output: await makeParcel(store, output), served };
      } catch (thrown) {
        if (call.signal.aborted) throw thrown;
        const { code, publicMessage: message, param, retryAfterMs } = toGatewayError(thrown);
        return { error: { code, message, param, retryAfterMs } };
      }
    },
  };
}
