import type { Config } from '../../config.ts';
import { lineRequestId, type NewEmbedBatch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { type ErrorCode, toGatewayError } from '../../core/errors.ts';
import { noLimits } from '../../core/json/shape.ts';
import { readTextLine, type TextLine } from '../../core/text-line.ts';
import { sumUsage, type Usage, usageOf } from '../../core/usage.ts';
import { base64OfFloats } from '../../core/vectors.ts';
import type { Verbs } from '../../core/verbs.ts';
import { endpointOf } from '../jobs/stored-request.ts';
import { bytesOfLines, bytesOfVectors } from './held-bytes.ts';
import type { EmbeddedText, IntoCollection } from './into-collection.ts';
import type { FileLine } from './line-reader.ts';
import type { LineWork, NotRun, OpenBatch } from './line-work.ts';
import { type Patience, patiently } from './patiently.ts';

interface TextLinesDependencies {
  config: Pick<Config, 'batches' | 'http'>;
  intoCollection: IntoCollection;
}

type Text = TextLine & { number: number };

/** What came of some texts: vectors, or why there are none. */
interface Embedded {
  texts: readonly EmbeddedText[];
  refused: readonly (Text & { error: NotRun })[];
  usage: Usage;
}

/** A line is a text; several are embedded by one call. Output: `{ id, line, embedding }`, errors: `{ id, line, error }`. */
export function createTextLines({ config, intoCollection }: TextLinesDependencies, verbs: () => Verbs): LineWork {
  async function embed(texts: readonly Text[], batch: OpenBatch, call: Call, patience: Patience): Promise<Embedded> {
    const { job, state } = batch;
    const { operation } = job.request;
    const id = lineRequestId(job.id, texts[0]?.number ?? 0);
    const { dimensions } = wantedOf(batch);
    const input = { model: state.model ?? '', dimensions, texts: texts.map(({ text }) => text) };
    const asOwner = { ...call, requestId: id, idempotencyKey: id, unit: id, operation };
    const bounds = { maxTries: job.maxAttempts, patience, signal: call.signal };
    const { vectors, usage } = await patiently(() => verbs().embed(input, asOwner), bounds);
    const embedded = texts.map((text, index) => ({ ...text, vector: vectors[index] ?? new Float32Array() }));
    return { texts: embedded, refused: [], usage };
  }

  /** What a model refuses is refused for one of the texts: then each is asked for by itself. */
  async function embedAll(texts: readonly Text[], batch: OpenBatch, call: Call, patience: Patience): Promise<Embedded> {
    try {
      return await embed(texts, batch, call, patience);
    } catch (thrown) {
      const error = refusalOf(thrown, call);
      const [only, ...others] = texts;
      if (only && others.length === 0) return { texts: [], refused: [{ ...only, error }], usage: usageOf({}) };
    }
    const each: Embedded[] = [];
    for (const text of texts) each.push(await embedAll([text], batch, call, patience));
    return {
      texts: each.flatMap(({ texts }) => texts),
      refused: each.flatMap(({ refused }) => refused),
      usage: sumUsage(each.map(({ usage }) => usage)),
    };
  }

  return {
    maxLines: config.batches.maxTexts,
    unit: ({ linesPerCall }) => ({ lines: linesPerCall, bytes: 1024 * 1024 }),
    shard: ({ linesPerCall }) => ({ lines: 32 * linesPerCall, bytes: 8 * 1024 * 1024 }),
    concurrency: 2,

    check(line) {
      try {
        readTextLine(line.bytes, config.batches.maxTextBytes, config.http);
        return { customId: null, model: null, inputs: 0 };
      } catch (thrown) {
        const { code, publicMessage, param } = toGatewayError(thrown);
        return { fault: { code, message: publicMessage.replace('The request body', 'The line'), param } };
      }
    },

    weight: (lines, batch) => bytesOfLines(lines) + bytesOfVectors(lines.length, wantedOf(batch).dimensions),

    async run(lines, batch, call, patience) {
      const { collectionId, encoding } = wantedOf(batch);
      const { texts, refused, usage } = await embedAll(lines.map(read), batch, call, patience);
      const counts = { completed: texts.length, failed: refused.length };
      const errors = refused.map(({ id, number, error }) => ({ id, line: number, error }));
      if (collectionId === null) return { ...counts, output: texts.map((text) => told(text, encoding)), errors, usage };
      await intoCollection.write(batch.job, lines[0]?.number ?? 0, texts, call);
      return { ...counts, output: [], errors, usage };
    },

    async publish({ job }, call) {
      if (job.subject) await intoCollection.publish(job, call);
    },

    notRun(lines, _batch, error) {
      const errors = lines.map(read).map(({ id, number }) => ({ id, line: number, error }));
      return { completed: 0, failed: lines.length, output: [], errors, usage: usageOf({}) };
    },
  };
}

/** A text that has been checked. */
function read({ number, bytes }: FileLine): Text {
  return { number, ...readTextLine(bytes, Number.POSITIVE_INFINITY, noLimits) };
}

function wantedOf({ job, request }: OpenBatch): NewEmbedBatch {
  return endpointOf(job.request.operation).toCore(request.body, request) as NewEmbedBatch;
}

function told({ id, number, vector }: EmbeddedText, encoding: NewEmbedBatch['encoding']): object {
  return { id, line: number, embedding: encoding === 'base64' ? base64OfFloats(vector) : [...vector] };
}

/** What finds fault with a text. All else, such as credentials or a model that is gone, would befall any other text too. */
const judgements: readonly ErrorCode[] = [
  'invalid_request',
  'unsupported_value',
  'context_length_exceeded',
  'body_too_large',
  'upstream_rejected',
];

/** The fault that a text is refused for. Whatever is no fault of a text is thrown: it is the batch that has failed. */
function refusalOf(thrown: unknown, call: Call): NotRun {
  const { code, publicMessage } = toGatewayError(thrown);
  if (call.signal.aborted || !judgements.includes(code)) throw thrown;
  return { code, message: publicMessage };
}
