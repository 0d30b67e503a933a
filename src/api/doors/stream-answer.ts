import type { Call } from '../../core/call.ts';
import type { Endpoint, StreamForm } from '../../core/endpoint.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import { begin, isWirePart, type ValidRequest } from '../../core/invoke.ts';
import type { Api, Context } from '../context.ts';
import { type AnswerStream, openAnswerStream } from '../sse/answer-stream.ts';

export type StreamingEndpoint = Endpoint & { stream: StreamForm };

export function wantsStream(endpoint: Endpoint, request: ValidRequest): endpoint is StreamingEndpoint {
  return endpoint.stream?.when(request.body) === true;
}

/**
 * Sends an answer as it comes into being. Nothing is sent before its first part, so that until then a failure has a
 * status of its own; later ones are told within the stream, which then has no proper end.
 */
export async function streamAnswer(
  ctx: Context,
  api: Api,
  endpoint: StreamingEndpoint,
  request: ValidRequest,
  call: Call,
): Promise<void> {
  const output = begin(endpoint, api.verbs, request, call) as AsyncIterable<unknown>;
  const parts = output[Symbol.asyncIterator]();
  const first = await parts.next();
  ctx.respond = false;
  const stream = openAnswerStream(ctx.res, endpoint.stream.writer, api.heartbeats);
  const telling = createTelling(endpoint.stream, request.body, stream);
  try {
    for (let next = first; next.done !== true; next = await parts.next()) {
      const waiting = telling.part(next.value);
      if (waiting) await waiting;
    }
    await telling.end();
  } catch (thrown) {
    if (call.signal.aborted) throw thrown;
    const error = toGatewayError(thrown);
    ctx.state.errorCode = error.code;
    call.log.warn({ err: error.cause ?? error, code: error.code }, 'stream failed');
    await telling.failed(error, call.requestId);
  } finally {
    await parts.return?.();
    stream.end();
  }
}

/** Feeds the parts of an answer through its form into the stream; what an upstream has put into words stays as it is. */
function createTelling(form: StreamForm, body: unknown, stream: AnswerStream) {
  let state = form.initial(body);
  /** Of an upstream; null of an answer in our words. */
  let firstBytes: Uint8Array | null = null;
  let lastBytes: Uint8Array | null = null;
  return {
    part(part: unknown): Promise<void> | undefined {
      if (isWirePart(part)) {
        firstBytes ??= part.bytes;
        lastBytes = part.bytes;
        return stream.relay(part.bytes);
      }
      const [nextState, events] = form.next(state, part);
      state = nextState;
      return stream.send(events);
    },
    end(): Promise<void> | undefined {
      return lastBytes ? undefined : stream.send(form.end(state));
    },
    failed(error: GatewayError, requestId: string): Promise<void> | undefined {
      const relayed = [firstBytes, lastBytes].filter((bytes) => bytes !== null);
      const reached = relayed.reduce((heard, bytes) => form.heard?.(heard, bytes) ?? heard, state);
      return stream.send(form.failed(reached, error, requestId));
    },
  };
}
