import type { Config } from '../../config.ts';
import { lineRequestId } from '../../core/batch.ts';
import { type BatchLine, inputsOfLine, modelOfLine, readBatchLine } from '../../core/batch-line.ts';
import type { Call } from '../../core/call.ts';
import { isUnavailable, toGatewayError } from '../../core/errors.ts';
import { type Answer, invoke } from '../../core/invoke.ts';
import { noLimits } from '../../core/json/shape.ts';
import { readOpenAiUsage } from '../../core/openai-usage.ts';
import { usageOf } from '../../core/usage.ts';
import { validateRequest } from '../../core/validation/validate-request.ts';
import type { Verbs } from '../../core/verbs.ts';
import { renderError } from '../../protocols/jobs/errors.ts';
import { endpointOf } from '../jobs/stored-request.ts';
import { bytesOfLines, bytesOfVectors } from './held-bytes.ts';
import type { FileLine } from './line-reader.ts';
import type { BatchOfLines, LineWork, Result } from './line-work.ts';
import { type Bounds, patiently, TurnedAway } from './patiently.ts';

interface CallLinesDependencies {
  config: Pick<Config, 'batches' | 'http'>;
}

const embeddings = '/v1/embeddings';

/** A line is a call on the batch's endpoint, made as its owner would make it. */
export function createCallLines({ config }: CallLinesDependencies, verbs: () => Verbs): LineWork {
  /** The one line of a unit. The input never changes: what was checked once is as it was. */
  function sole([line]: readonly FileLine[], batch: BatchOfLines): BatchLine & { id: string } {
    const checked = line && readBatchLine(line.bytes, batch.state.target, noLimits);
    if (!checked || 'fault' in checked) throw new Error('a unit of a batch is one line that has been checked');
    return { ...checked.line, id: lineRequestId(batch.job.id, line.number) };
  }

  async function answer(operation: string, body: BatchLine['body'], bounds: Bounds, call: Call): Promise<Answer> {
    const raw = { params: {}, query: {}, files: {}, body, bytes: Buffer.from(JSON.stringify(body)) };
    try {
      const endpoint = endpointOf(operation);
      const request = validateRequest(endpoint, raw);
      return await patiently(() => invoke(endpoint, verbs(), request, call), bounds);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      // Our own engines being away is no fault of the line: the whole step waits for them.
      if (call.signal.aborted || thrown instanceof TurnedAway || isUnavailable(thrown)) throw thrown;
      if (error.code === 'internal_error') call.log.error({ err: error.cause ?? error }, 'line of a batch failed');
      const rendered = renderError(error, call.requestId);
      return { statusCode: rendered.status, body: rendered.body };
    }
  }

  return {
    maxLines: config.batches.maxLines,
    unit: ({ linesPerCall }) => ({ lines: linesPerCall, bytes: Number.POSITIVE_INFINITY }),
    shard: () => ({ lines: 100, bytes: 4 * 1024 * 1024 }),
    concurrency: config.batches.linesAtOnce,

    check(line, { state }) {
      const checked = readBatchLine(line.bytes, state.target, config.http);
      if ('fault' in checked) return checked;
      const { line: read } = checked;
      const inputs = state.target === embeddings ? inputsOfLine(read) : 0;
      return { customId: read.customId, model: modelOfLine(read), inputs };
    },

    weight(lines, batch) {
      const bytes = bytesOfLines(lines);
      if (batch.state.target !== embeddings) return bytes;
      const line = sole(lines, batch);
      return bytes + bytesOfVectors(inputsOfLine(line), line.body['dimensions']);
    },

    async run(lines, batch, call, patience) {
      const { id, customId, body } = sole(lines, batch);
      const operation = `POST ${batch.state.target}`;
      const bounds = { maxTries: batch.job.maxAttempts, patience, signal: call.signal };
      const answered = await answer(operation, body, bounds, {
        ...call,
        requestId: id,
        idempotencyKey: id,
        unit: id,
        operation,
      });
      const response = { status_code: answered.statusCode, request_id: id, body: answered.body };
      const told = { id, custom_id: customId, response, error: null };
      return answered.statusCode < 300 ? completed(told, answered.body) : failed(told);
    },

    notRun(lines, batch, error) {
      const { id, customId } = sole(lines, batch);
      return failed({ id, custom_id: customId, response: null, error });
    },
  };
}

function completed(told: object, body: unknown): Result {
  const usage = typeof body === 'object' && body !== null && 'usage' in body ? readOpenAiUsage(body.usage) : null;
  return { completed: 1, failed: 0, output: [told], errors: [], usage: usage ?? usageOf({}) };
}

function failed(told: object): Result {
  return { completed: 0, failed: 1, output: [], errors: [told], usage: usageOf({}) };
}
