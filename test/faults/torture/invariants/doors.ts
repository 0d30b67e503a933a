/** I3: whatever door a job is looked at through, it is the same job. */
import { isTerminal } from '../../../../src/core/job.ts';
import { answerTo } from '../provider.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';

export function doorsAgree({ state, jobs, judged }: Evidence): Violation[] {
  return state.views.flatMap((view) => {
    const job = jobs.get(view.jobId);
    if (!job || view.getStatus !== 200) return [];
    judged('I3', 'jobs through all doors');
    if (view.resultDoor !== null) judged('I3', 'results');
    const faults: string[] = [];
    if (view.status !== job.status) faults.push(`is ${job.status} and reads ${view.status}`);
    if (view.listed !== job.status) faults.push(`is ${job.status} and is listed as ${view.listed}`);
    if (view.result !== job.result) faults.push('has another result than is read');
    if (job.status === 'completed' && view.resultDoor !== job.result)
      faults.push("has another result than its result's door gives");
    if (isTerminal(job.status)) {
      const sequences = view.events.map(({ sequence }) => sequence);
      const expected = Array.from({ length: job.lastSequence }, (_, index) => index + 1);
      if (sequences.join() !== expected.join())
        faults.push(`has ${job.lastSequence} events and streams ${sequences.join()}`);
      if (view.events.at(-1)?.event !== `job.${job.status}`)
        faults.push(`ends its stream with ${view.events.at(-1)?.event}`);
    }
    return faults.map((what) => ({ invariant: 'I3', about: view.jobId, what: `job ${what}` }));
  });
}

/** A reader that was cut and came back behind the last event it had has missed none and got none twice. */
export function streamsResume({ entries, events, deleted, judged }: Evidence): Violation[] {
  const found: Violation[] = [];
  const seen = entries.filter((entry) => entry.type === 'event');
  for (const [reader, received] of grouped(seen, (entry) => entry.reader)) {
    const jobId = received[0]?.jobId ?? '';
    judged('I3', 'readers of streams');
    const stored = new Map((events.get(jobId) ?? []).map(({ sequence, type }) => [sequence, type]));
    for (const [index, { sequence, event }] of received.entries()) {
      const fault = (what: string) => found.push({ invariant: 'I3', about: reader, what });
      if (sequence !== index + 1) {
        fault(`event ${index + 1} of job ${jobId} was ${sequence <= index ? 'sent twice' : 'left out'}`);
        break;
      }
      // Of one that was deleted since there is no log to compare with.
      if (sequence > 1 && stored.get(sequence) !== event && !deleted.has(jobId))
        fault(`event ${sequence} was ${event} and is ${stored.get(sequence)}`);
    }
  }
  return found;
}

/** The output in a completed job's log, of the run that counts, is the whole answer and nothing else. */
export function outputIsWhole(evidence: Evidence): Violation[] {
  return acceptedJobs(evidence).flatMap(({ operation, jobId }) => {
    const job = evidence.jobs.get(jobId);
    if (evidence.kinds.get(operation) !== 'streamed-job' || job?.status !== 'completed') return [];
    const outputs = (evidence.events.get(jobId) ?? [])
      .toSorted((one, other) => one.sequence - other.sequence)
      .flatMap(({ output }) => (output?.run === job.run ? [output] : []));
    const fault = (what: string) => [{ invariant: 'I3', about: operation, what: `the output of job ${jobId} ${what}` }];
    let next = 0;
    for (const { index, events } of outputs) {
      if (index !== next) return fault(`has a gap before event ${index}`);
      next += events;
    }
    const text = outputs.map(({ delta }) => delta).join('');
    const expected = answerTo(operation).join('');
    return text === expected ? [] : fault(`is ${JSON.stringify(text)} in place of ${JSON.stringify(expected)}`);
  });
}

/** What ended well for its caller was the whole answer. */
export function answersAreWhole({ entries }: Evidence): Violation[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'ok' || typeof entry.data?.['text'] !== 'string') return [];
    const expected = answerTo(entry.operation).join('');
    if (entry.data['text'] === expected) return [];
    return [{ invariant: 'I3', about: entry.operation, what: `was answered ${JSON.stringify(entry.data['text'])}` }];
  });
}
