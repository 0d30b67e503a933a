import type { Relayed, ServedElsewhere, Vendor } from '../../adapters/providers/vendor.ts';
import type { ChatPart } from '../../core/chat/parts.ts';
import type { WireRequest } from '../../core/chat.ts';
import type { Usage } from '../../core/usage.ts';
import type { Upstream } from '../routing/serve.ts';
import { answerTexts } from './answer-texts.ts';
import { collectWhole } from './collect-whole.ts';
import { createStreamReading, type Reading, readWhole } from './read-answer.ts';
import { rewriteRequest } from './rewrite-request.ts';

type Relaying = Upstream & { vendor: Vendor & Required<Pick<Vendor, 'relay'>> };

interface RelayHooks {
  onUsage(usage: Usage): void;
  /** Frames of a stream, at least one. */
  onFrames(count: number): void;
  /** Text of a whole answer that does not tell what it took. */
  onText(text: string): void;
  /** The answer is complete: before its end is handed on, so that nobody has it whose call is not written down. */
  onEnd(): void;
}

/** Whether the upstream takes this request as its caller has written it. */
export function canRelay(upstream: Upstream, wire: WireRequest | null): upstream is Relaying {
  const { vendor, target } = upstream;
  return (
    wire !== null &&
    vendor.relay !== undefined &&
    vendor.relays?.includes(wire.dialect) === true &&
    vendor.takes?.(wire.dialect, target) !== false
  );
}

/**
 * Passes a request on in the bytes it came in, and the answer in the bytes the upstream makes of it. Only the name of
 * the model is changed; the usage is read from a copy. An upstream that serves it elsewhere is asked in our words.
 */
export function relay(
  upstream: Relaying,
  wire: WireRequest,
  model: string,
  hooks: RelayHooks,
  translate: Translate,
): AsyncGenerator<ChatPart> {
  const { dialect, stream, hidesUsage } = wire;
  const bytes = rewriteRequest(wire, upstream.target.modelName);
  const asked = upstream.vendor.relay({ ...upstream, dialect, stream, bytes });
  const reading = { dialect, model, hidesUsage: stream && hidesUsage };
  return stream ? passOn(asked, reading, hooks, translate) : whole(asked, reading, hooks, translate);
}

type Terms = Pick<Reading, 'dialect' | 'model' | 'hidesUsage'>;
type Asked = Promise<Relayed | ServedElsewhere>;
type Translate = (generate: ServedElsewhere['generate']) => AsyncIterable<ChatPart>;

async function* passOn(asked: Asked, terms: Terms, hooks: RelayHooks, translate: Translate): AsyncGenerator<ChatPart> {
  const answered = await asked;
  if ('generate' in answered) return yield* translate(answered.generate);
  const { body, release, failureIn } = answered;
  const answer = createStreamReading({ ...terms, failureIn, onUsage: hooks.onUsage });
  let hasBegun = false;
  for await (const chunk of body) {
    const { frames, bytes, failure } = answer.piece(chunk);
    // While nobody has heard anything, another provider may answer.
    if (failure !== null && !hasBegun) throw failure;
    if (frames > 0) hooks.onFrames(frames);
    if (answer.isFinished()) hooks.onEnd();
    if (bytes.length > 0) {
      hasBegun = true;
      yield { type: 'wire', bytes };
    }
    if (failure !== null) throw failure;
    // The end of the connection may be long in coming.
    if (answer.isComplete()) return release();
  }
  answer.end();
}

async function* whole(asked: Asked, terms: Terms, hooks: RelayHooks, translate: Translate): AsyncGenerator<ChatPart> {
  const answered = await asked;
  if ('generate' in answered) return yield* translate(answered.generate);
  const { onUsage, onText, onEnd } = hooks;
  const { body, failureIn } = answered;
  let usage: Usage | null = null;
  const bytes = readWhole(await collectWhole(body), {
    ...terms,
    failureIn,
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
