import type { Config } from '../../config.ts';
import { lineRequestId, type NewEmbedBatch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import { readTextLine } from '../../core/text-line.ts';
import { sumUsage, usageOf } from '../../core/usage.ts';
import { base64OfFloats } from '../../core/vectors.ts';
import type { Verbs } from '../../core/verbs.ts';
import { endpointOf } from '../jobs/stored-request.ts';
import type { FileLine } from './line-reader.ts';
import type { LineWork, OpenBatch, Result } from './line-work.ts';

interface TextLinesDependencies {
  config: Pick<Config, 'batches' | 'http'>;
}

/** A line is a text; several are embedded by one call. Output: `{ id, line, embedding }`, errors: `{ id, line, error }`. */
export function createTextLines({ config }: TextLinesDependencies, verbs: () => Verbs): LineWork {
  const read = (line: FileLine) => ({
    number: line.number,
    ...readTextLine(line.bytes, config.batches.maxTextBytes, config.http),
  });
  type Text = ReturnType<typeof read>;

  async function embed(texts: readonly Text[], batch: OpenBatch, call: Call): Promise<Result> {
    const { job, request } = batch;
    const { operation } = job.request;
    const { model, dimensions, encoding } = endpointOf(operation).toCore(request.body, request) as NewEmbedBatch;
    const id = lineRequestId(job.id, texts[0]?.number ?? 0);
    const input = { model, dimensions, texts: texts.map(({ text }) => text) };
    const { vectors, usage } = await verbs().embed(input, {
      ...call,
      requestId: id,
      idempotencyKey: id,
      unit: id,
      operation,
    });
    const output = texts.map(({ id, number }, index) => {
      const vector = vectors[index] ?? new Float32Array();
      return { id, line: number, embedding: encoding === 'base64' ? base64OfFloats(vector) : [...vector] };
    });
    return { completed: texts.length, failed: 0, output, errors: [], usage };
  }

  /** What a model refuses is refused for one of the texts: each is asked for by itself. */
  async function embedEach(texts: readonly Text[], batch: OpenBatch, call: Call): Promise<Result> {
    const results: Result[] = [];
    for (const text of texts) {
      results.push(
        await embed([text], batch, call).catch((thrown: unknown) => refused([text], toErrorOf(thrown, call))),
      );
    }
    return {
      completed: results.filter(({ completed }) => completed > 0).length,
      failed: results.filter(({ failed }) => failed > 0).length,
      output: results.flatMap(({ output }) => output),
      errors: results.flatMap(({ errors }) => errors),
      usage: sumUsage(results.map(({ usage }) => usage)),
    };
  }

  return {
    maxLines: config.batches.maxTexts,
    unit: { lines: config.batches.textsPerCall, bytes: 1024 * 1024 },
    shard: { lines: 32 * config.batches.textsPerCall, bytes: 8 * 1024 * 1024 },
    concurrency: 2,

    check(line) {
      try {
        read(line);
        return { customId: null, model: null };
      } catch (thrown) {
        const { code, publicMessage, param } = toGatewayError(thrown);
        return { fault: { code, message: publicMessage.replace('The request body', 'The line'), param } };
      }
    },

    async run(lines, batch, call) {
      const texts = lines.map(read);
      try {
        return await embed(texts, batch, call);
      } catch (thrown) {
        toErrorOf(thrown, call);
        return embedEach(texts, batch, call);
      }
    },

    notRun: (lines, _batch, error) => refused(lines.map(read), error),
  };

  function refused(texts: readonly Text[], { code, message }: { code: string; message: string }): Result {
    const errors = texts.map(({ id, number }) => ({ id, line: number, error: { code, message } }));
    return { completed: 0, failed: texts.length, output: [], errors, usage: usageOf({}) };
  }
}

/** The fault that a text is refused for. Anything that another try may help is thrown: the step is repeated. */
function toErrorOf(thrown: unknown, call: Call): Pick<GatewayError, 'code' | 'message'> {
  const error = toGatewayError(thrown);
  if (call.signal.aborted || error.retryable) throw thrown;
  return { code: error.code, message: error.publicMessage };
}
