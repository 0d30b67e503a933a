import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTerminal, type Job, type JobEvent } from '../../core/job.ts';
import { type Item, idBody, jobIdOf, type ResponseEvent, type ResponseView } from '../../core/response.ts';
import {
  eventOfFailure,
  eventsOfAcceptance,
  eventsOfLine,
  isLast,
  responseOfJob,
} from '../../protocols/openai/responses/from-job.ts';
import { keptItems } from '../../protocols/openai/responses/items.ts';
import type { ResponseRequest } from '../../protocols/openai/responses/request.ts';
import { toItems } from '../../protocols/openai/responses/to-core.ts';
import { restoreRequest } from '../jobs/stored-request.ts';
import type { ResponseDependencies } from './dependencies.ts';

const operation = 'POST /v1/responses';
/** How long a cancellation is waited for, so that its caller sees that it came to pass. */
const cancelWaitMs = 5_000;

type BackgroundDependencies = Pick<ResponseDependencies, 'jobs' | 'blobs' | 'verbs'>;

/** Responses that run as jobs, read from these jobs. Null is answered where there is none, or it has no such thing. */
export function createBackground(deps: BackgroundDependencies) {
  async function jobOf(ownerId: number, id: string): Promise<Job | null> {
    const job = await deps.jobs.find(ownerId, jobIdOf(id));
    return job?.request.operation === operation ? job : null;
  }

  async function bodyOf(job: Job): Promise<ResponseRequest> {
    return (await restoreRequest(deps.blobs, job)).body as ResponseRequest;
  }

  async function view(job: Job): Promise<ResponseView> {
    const { output: _none, ...response } = responseOfJob(job, await bodyOf(job));
    return { response, output: [], isOpen: !isTerminal(job.status) };
  }

  return {
    async get(ownerId: number, id: string): Promise<ResponseView | null> {
      const job = await jobOf(ownerId, id);
      return job && view(job);
    },

    async inputItems(ownerId: number, id: string): Promise<Item[] | null> {
      const job = await jobOf(ownerId, id);
      return job && keptItems(toItems((await bodyOf(job)).input), idBody(job.id));
    },

    async cancel(ownerId: number, id: string, call: Call): Promise<ResponseView | null> {
      const job = await jobOf(ownerId, id);
      if (!job) return null;
      const cancelling = await deps.verbs().cancelJob({ id: job.id }, call);
      const wait = {
        id: job.id,
        afterSequence: cancelling.lastSequence,
        until: 'terminal',
        timeoutMs: cancelWaitMs,
      } as const;
      return view(await deps.verbs().waitForJob(wait, call));
    },

    /** Throws `job_not_terminal` for one that runs. False where there is none. */
    async remove(ownerId: number, id: string, call: Call): Promise<boolean> {
      const job = await jobOf(ownerId, id);
      if (job) await deps.verbs().deleteJob({ id: job.id }, call);
      return job !== null;
    },

    /** Every event of a run from the first, live until the last. Throws `job_expired` once its output is deleted. */
    async follow(ownerId: number, id: string, call: Call): Promise<AsyncIterable<ResponseEvent> | null> {
      const job = await jobOf(ownerId, id);
      const body = job && (await bodyOf(job));
      if (!job || !body?.stream) return null;
      if (job.resultDeleted) outputDeleted();
      return eventsOf(job, body, call);
    },
  };

  async function* eventsOf(job: Job, body: ResponseRequest, call: Call): AsyncGenerator<ResponseEvent> {
    let next = 0;
    for (const event of body.background ? eventsOfAcceptance(job, body) : []) {
      yield event;
      next = event.sequence_number + 1;
    }
    const told = createTold(job.run);
    for await (const line of deps.verbs().followJob({ id: job.id, afterSequence: 0 }, call)) {
      for (const event of told.eventsOf(line)) {
        yield event;
        next = event.sequence_number + 1;
        if (isLast(event)) return;
      }
    }
    const ended = await deps.jobs.find(job.ownerId, job.id);
    if (ended && isTerminal(ended.status)) yield eventOfFailure(ended, body, next);
  }
}

function outputDeleted(): never {
  throw new GatewayError('job_expired', 'The events of this response have been deleted.');
}

/**
 * The events in a job's log since its run `firstRun`. A worker that was lost is followed by one that begins anew, in
 * other words: whoever has heard the first one cannot go on with the second.
 */
function createTold(firstRun: number) {
  let run: number | null = null;
  return {
    eventsOf({ type, data }: JobEvent): ResponseEvent[] {
      if (type === 'job.output' && data['deleted'] === true) outputDeleted();
      const runOfLine = Number(data['run']);
      if (type !== 'job.output' || runOfLine < firstRun) return [];
      if (run !== null && run !== runOfLine) {
        throw new GatewayError('upstream_error', 'The answer was begun anew. Read its events again from the first.');
      }
      run = runOfLine;
      return eventsOfLine(data);
    },
  };
}
