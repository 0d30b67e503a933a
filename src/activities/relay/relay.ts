import type { Relayed, Vendor } from '../../adapters/providers/vendor.ts';
import type { WireRequest } from '../../core/chat.ts';
import type { WirePart } from '../../core/chat-parts.ts';
import type { Usage } from '../../core/usage.ts';
import type { Upstream } from '../routing/serve.ts';
import { answerTexts } from './answer-texts.ts';
import { collectWhole } from './collect-whole.ts';
import { createStreamReading, type Reading, readWhole } from './read-answer.ts';
import { rewriteRequest } from './rewrite-request.ts';

type Relaying = Upstream & { vendor: Vendor & Required<Pick<Vendor, 'relay'>> };

interface RelayHooks {
  onUsage(usage: Usage): void;
  /** A frame of a stream. */
  onFrame(): void;
  /** Text of a whole answer that does not tell what it took. */
  onText(text: string): void;
  /** The answer is complete: before its end is handed on, so that nobody has it whose call is not written down. */
  onEnd(): void;
}

/** Whether the upstream takes this request as its caller has written it. */
export function canRelay(upstream: Upstream, wire: WireRequest | null): upstream is Relaying {
  return (
    wire !== null && upstream.vendor.relay !== undefined && upstream.vendor.relays?.includes(wire.dialect) === true
  );
}

/**
 * Passes a request on in the bytes it came in, and the answer in the bytes the upstream makes of it. Only the name of
 * the model is changed; the usage is read from a copy.
 */
export async function* relay(
  upstream: Relaying,
  wire: WireRequest,
  model: string,
  hooks: RelayHooks,
): AsyncGenerator<WirePart> {
  const { dialect, stream, hidesUsage } = wire;
  const bytes = rewriteRequest(wire, upstream.target.modelName);
  const relayed = await upstream.vendor.relay({ ...upstream, dialect, stream, bytes });
  const reading = { dialect, model, hidesUsage: stream && hidesUsage, failureIn: relayed.failureIn };
  yield* stream ? passOn(relayed, reading, hooks) : whole(relayed.body, reading, hooks);
}

async function* passOn(
  { body, release }: Pick<Relayed, 'body' | 'release'>,
  reading: Omit<Reading, 'onUsage'>,
  { onUsage, onFrame, onEnd }: RelayHooks,
): AsyncGenerator<WirePart> {
  const answer = createStreamReading({ ...reading, onUsage });
  for await (const chunk of body) {
    const pieces = answer.piece(chunk);
    for (const _piece of pieces) onFrame();
    if (answer.isFinished()) onEnd();
    for (const bytes of pieces) yield { type: 'wire', bytes };
    // The end of the connection may be long in coming.
    if (answer.isComplete()) return release();
  }
  answer.end();
}

async function* whole(
  body: AsyncIterable<Uint8Array>,
  reading: Omit<Reading, 'onUsage'>,
  { onUsage, onText, onEnd }: RelayHooks,
): AsyncGenerator<WirePart> {
  let usage: Usage | null = null;
  const bytes = readWhole(await collectWhole(body), {
    ...reading,
    onUsage: (read) => {
      usage = read;
    },
  });
  if (usage !== null) onUsage(usage);
  if (!isTelling(usage)) for (const text of answerTexts(bytes.toString())) onText(text);
  onEnd();
  yield { type: 'wire', bytes };
}

/** No call reads no prompt: such a usage is estimated as if there were none. */
function isTelling(usage: Usage | null): boolean {
  return usage !== null && usage.promptTokens > 0;
}
