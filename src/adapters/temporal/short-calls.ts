import { Client, type Connection } from '@temporalio/client';
import type { Call, StreamVerb, Verb } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { queueName } from '../../core/queues.ts';
import {
  makeParcel,
  openParcel,
  type Parcel,
  type ParcelStore,
  type ShortAnswer,
  type ShortCall,
  type ShortVerb,
  uploadOf,
} from '../../core/short-call.ts';
import type { Verbs } from '../../core/verbs.ts';

export interface ShortCallSettings {
  namespace: string;
  queuePrefix: string;
  /** Bound on the whole of a call, waiting for a worker included. */
  timeoutMs: number;
}

/** A worker that dies is noticed after this long, and the call is made once more elsewhere. */
const heartbeatTimeout = '10 seconds';
const maxAttempts = 2;

/**
 * Verbs whose short calls run in a worker, as standalone activities that operators see; all others as they were. The
 * caller waits; one who leaves cancels the work.
 */
export function createShortCalls(connection: Connection, settings: ShortCallSettings) {
  const client = new Client({ connection, namespace: settings.namespace });

  async function run(shortCall: ShortCall, { signal }: Call): Promise<ShortAnswer> {
    signal.throwIfAborted();
    try {
      const handle = await client.activity.start<ShortAnswer>('runShortCall', {
        id: `call:${shortCall.requestId}:${crypto.randomUUID()}`,
        taskQueue: queueName(settings.queuePrefix, 'short'),
        args: [shortCall],
        scheduleToCloseTimeout: settings.timeoutMs,
        heartbeatTimeout,
        retry: { maximumAttempts: maxAttempts },
        summary: shortCall.operation ?? shortCall.verb,
      });
      const onAbort = () => void handle.cancel('the caller is gone').catch(() => undefined);
      // One who left while the engine was being asked to start it is told of by no event any more.
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await connection.withAbortSignal(signal, () => handle.result());
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw new GatewayError('unavailable', 'The workflow engine did not run the call. Try again shortly.', { cause });
    }
  }

  return {
    over(verbs: Verbs): Verbs {
      /** Never throws: what has been answered, or why not, is what the caller hears; the sweep discards the rest. */
      async function discard(parcel: Parcel, call: Call): Promise<void> {
        if (!('blob' in parcel)) return;
        const { id } = parcel.blob;
        await verbs
          .discardBlob({ id }, call)
          .catch((err: unknown) =>
            call.log.warn({ err, blobId: id }, 'parcel of a call not discarded; the sweep will'),
          );
      }

      async function remote(verb: ShortVerb, value: unknown, call: Call): Promise<unknown> {
        const { userId, keyId } = call.principal;
        const store: ParcelStore = {
          put: (bytes) => verbs.storeBlob(uploadOf(bytes), call),
          read: (id) => verbs.readBlob({ id, range: null }, call),
        };
        const input = await makeParcel(store, value);
        try {
          const answer = await run(
            { verb, input, userId, keyId, requestId: call.requestId, operation: call.operation },
            call,
          );
          if ('error' in answer) throw revive(answer.error);
          if (answer.served) call.served(answer.served);
          const output = await openParcel(store, answer.output);
          await discard(answer.output, call);
          return output;
        } finally {
          await discard(input, call);
        }
      }

      /** The master key owns nothing that could be put down for a worker: its calls stay here. */
      const isHere = ({ principal }: Call) => principal.kind !== 'user';
      const verbOf =
        <Input, Output>(name: ShortVerb, inline: Verb<Input, Output>): Verb<Input, Output> =>
        (input, call) =>
          isHere(call) ? inline(input, call) : (remote(name, input, call) as Promise<Output>);
      const streamOf = <Input, Part>(name: ShortVerb, inline: StreamVerb<Input, Part>): StreamVerb<Input, Part> =>
        async function* (input, call) {
          if (isHere(call)) yield* inline(input, call);
          else yield* (await remote(name, input, call)) as Part[];
        };
      return {
        ...verbs,
        chat: streamOf('chat', verbs.chat),
        respond: streamOf('respond', verbs.respond),
        embed: verbOf('embed', verbs.embed),
        rerank: verbOf('rerank', verbs.rerank),
      };
    },
  };
}

function revive({
  code,
  message,
  param,
  retryAfterMs,
}: Extract<ShortAnswer, { error: unknown }>['error']): GatewayError {
  return new GatewayError(code, message, {
    ...(param !== null && { param }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}
