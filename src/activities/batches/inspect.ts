import { type BatchFault, type LineRange, maxBatchFaults, maxBatchInputs } from '../../core/batch.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { FileLine } from './line-reader.ts';
import type { LineWork, OpenBatch } from './line-work.ts';
import { type BatchDependencies, linesOf, openBatch } from './open-batch.ts';
import type { Bounds } from './units.ts';

/** Shards that are written down together. */
const shardsPerWrite = 500;

/** One pass over the input: every line is checked, and where the shards are is written down. */
export function createInspectBatch(deps: BatchDependencies): Verbs['inspectBatch'] {
  return async (run, call) => {
    const job = await deps.lifecycle.current(run);
    const batch = await openBatch(deps, job);
    const work = deps.workOf(job.kind);
    const review = createReview(work, batch);
    const cutter = createCutter(work.shard(batch.state));
    try {
      for await (const line of linesOf(deps, job)) {
        call.signal.throwIfAborted();
        review.add(line);
        if (review.isOver()) break;
        // A file with a fault is never run: nobody asks where its shards are.
        if (review.faults.length > 0) continue;
        cutter.add(line);
        if (cutter.full.length >= shardsPerWrite) await deps.batches.putShards(job.ownerId, job.id, cutter.take());
      }
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'body_too_large') throw error;
      const { publicMessage: message, param } = error;
      review.faults.push({ code: 'line_too_large', line: Number(param), message, param: null });
    }
    const { faults, total, model } = review.end();
    if (faults.length > 0) {
      await deps.jobs.noteBatch(job.ownerId, job.id, run.run, { faults }, deps.clock.now());
      throw new GatewayError('invalid_request', describe(faults), { param: 'input_file_id' });
    }
    await deps.batches.putShards(job.ownerId, job.id, cutter.end());
    const counts = { ...batch.state.counts, total };
    const note = { counts, model: model ?? batch.state.model, validatedAt: deps.clock.now() };
    await deps.jobs.noteBatch(job.ownerId, job.id, run.run, note, deps.clock.now());
    return { shards: cutter.shards() };
  };
}

/** What all lines are together, and what is wrong with them. */
function createReview(work: LineWork, batch: OpenBatch) {
  const faults: BatchFault[] = [];
  const ids = new Set<string>();
  const models = new Set<string>();
  let total = 0;
  let inputs = 0;

  function faultIn(line: FileLine): Omit<BatchFault, 'line'> | null {
    const checked = work.check(line, batch);
    if ('fault' in checked) return checked.fault;
    const { customId, model } = checked;
    inputs += checked.inputs;
    if (inputs > maxBatchInputs) {
      const message = `The lines have more than ${maxBatchInputs} inputs together.`;
      return { code: 'too_many_inputs', message, param: 'body.input' };
    }
    if (model !== null && models.size < 2) models.add(model);
    if (customId === null) return null;
    if (ids.has(customId)) {
      const message = `The custom_id '${customId}' is on an earlier line too. Expected each to be unique.`;
      return { code: 'duplicate_custom_id', message, param: 'custom_id' };
    }
    ids.add(customId);
    return null;
  }

  return {
    faults,
    add(line: FileLine): void {
      total += 1;
      if (total === work.maxLines + 1) {
        const message = `The file has more than ${work.maxLines} lines.`;
        faults.push({ code: 'too_many_requests', line: line.number, message, param: null });
      }
      if (total > work.maxLines) return;
      const fault = faultIn(line);
      if (fault) faults.push({ ...fault, line: line.number });
    },
    /** Nothing more can be said of the file. */
    isOver: () => total > work.maxLines || inputs > maxBatchInputs || faults.length >= maxBatchFaults,
    end() {
      if (total === 0) faults.push({ code: 'empty_file', line: null, message: 'The file has no lines.', param: null });
      const [model = null] = models;
      return { faults, total, model: models.size === 1 ? model : null };
    },
  };
}

/** Cuts lines into shards as they come. */
function createCutter(bounds: Bounds) {
  let full: LineRange[] = [];
  let open: LineRange | null = null;
  let shard = 0;

  function close(): void {
    if (open) full.push(open);
    open = null;
  }

  return {
    get full() {
      return full;
    },
    add({ number, from, to }: FileLine): void {
      if (open && (open.lines === bounds.lines || to - open.from > bounds.bytes)) close();
      if (open) {
        open.to = to;
        open.lines += 1;
        return;
      }
      open = { shard, from, to, firstLine: number, lines: 1 };
      shard += 1;
    },
    take(): LineRange[] {
      const taken = full;
      full = [];
      return taken;
    },
    end(): LineRange[] {
      close();
      return this.take();
    },
    shards: () => shard,
  };
}

function describe(faults: readonly BatchFault[]): string {
  const [first] = faults;
  const place = first?.line == null ? '' : `line ${first.line}: `;
  const others = faults.length > 1 ? ` There are ${faults.length - 1} more faults.` : '';
  return `The input file cannot be run: ${place}${first?.message ?? ''}${others}`;
}
