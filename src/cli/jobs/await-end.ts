import type { CommandContext } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { maxSilenceMs } from '../http/read-bytes.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { followJob } from './follow.ts';
import { type Job, type JobEvent, pathOf } from './job.ts';
import { patiently } from './patience.ts';
import { createProgressView } from './progress-view.ts';

/** Shows a job's progress on `shown` until the job ends or somebody interrupts; says what became of it. */
export async function awaitEnd(
  jobId: string,
  after: number,
  shown: Terminal,
  { api, out, err, json, signal }: CommandContext,
): Promise<ExitCode> {
  const view = createProgressView(shown);
  const isListed = json && shown === out;
  let position = after;

  function show(event: JobEvent): void {
    position = event.sequence_number;
    if (isListed) out.line(JSON.stringify(event));
    else view.show(event);
  }

  const onDrop = (from: number) => err.line(`The connection is gone; going on behind event ${from}.`);
  for await (const event of followJob(api, jobId, { after, signal, onDrop })) show(event);
  view.close();
  if (signal.aborted) {
    err.line(`The job goes on without you. Watch it again: switchyard jobs watch ${jobId} --after ${position}`);
    return exitCodes.interrupted;
  }
  const job = await patiently(jobId, signal, () =>
    api.json<Job>('GET', pathOf(jobId), { signal: AbortSignal.timeout(maxSilenceMs) }),
  );
  return conclude(job, err);
}

function conclude(job: Job, err: Terminal): ExitCode {
  if (job.status === 'completed') {
    err.line(`${job.id} ${err.paint('green', job.status)}`);
    return exitCodes.done;
  }
  err.line(`${job.id} ${err.paint('red', job.status)}${job.error ? `: ${job.error.message} (${job.error.code})` : ''}`);
  return exitCodes.jobNotCompleted;
}
