import { GatewayError } from '../../core/errors.ts';
import type { Http, HttpAnswer, HttpHeaders } from './client.ts';
import { type Fault, faultOf, faultSentences } from './fault.ts';
import type { Scheme } from './guard.ts';

export interface Posting {
  url: string;
  /** What `url` may begin with. */
  schemes: readonly Scheme[];
  /** Names in lower case; sent as they are. */
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** Of the whole exchange, from the look-up of the name to the end of the answer. */
  timeoutMs: number;
  /** Of the answer's body that is kept; the rest is not read. */
  maxBytes: number;
  /** Gives the posting up. */
  signal: AbortSignal;
}

export type Posted =
  /** An answer, whatever its status; a redirect is one and is not followed. */
  | { fault: null; status: number; headers: HttpHeaders; body: Buffer }
  | { fault: Fault; sentence: string; cause: GatewayError };

/** What is still read of an answer whose status has come: nobody holds a turn any longer with its body. */
const maxBodyMs = 2_000;

/** Posts to an address that a caller named. Throws `client_closed_request` only, when `signal` fires. */
export async function postGuarded(http: Http, posting: Posting): Promise<Posted> {
  const { url, schemes, headers, body, timeoutMs, maxBytes } = posting;
  const signal = AbortSignal.any([posting.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await http.request({ method: 'POST', namedBy: 'caller', url, schemes, headers, body, signal });
    const { status, headers: answered } = answer;
    return { fault: null, status, headers: answered, body: await beginning(answer, maxBytes) };
  } catch (cause) {
    if (!(cause instanceof GatewayError) || posting.signal.aborted) throw cause;
    const fault = faultOf(cause);
    return { fault, sentence: faultSentences[fault], cause };
  }
}

/** The status counts, also where what follows it is cut off or never ends. */
async function beginning({ body, discard }: HttpAnswer, maxBytes: number): Promise<Buffer> {
  const kept = Buffer.alloc(maxBytes);
  let length = 0;
  const late = setTimeout(discard, maxBodyMs);
  try {
    for await (const piece of body) {
      kept.set(piece.subarray(0, maxBytes - length), length);
      length = Math.min(maxBytes, length + piece.length);
      if (length === maxBytes) break;
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  } finally {
    clearTimeout(late);
  }
  return kept.subarray(0, length);
}
