import type { Call } from '../core/call.ts';
import type { Job, JobFacts, JobSubject } from '../core/job.ts';
import type { Verbs } from '../core/verbs.ts';
import { endpointOf, findEndpoint } from './jobs/stored-request.ts';

/** What a verb asks before its call is accepted as a job, and what it does when the job begins and ends its life. */
export interface Admission<Input> {
  /** Throws what the synchronous call would throw for lack of access; answers what the job keeps of it, if anything. */
  admit(input: Input, call: Call, previous: JobSubject | null): Promise<JobFacts | null>;
  /** Right after acceptance, and again when a worker begins: must be safe to repeat. */
  accepted?(job: Job, input: Input): Promise<void>;
  /** The job ended without completing. Safe to repeat. */
  ended?(job: Job): Promise<void>;
}

export type AdmissionTable = { [V in keyof Verbs]?: Admission<Parameters<Verbs[V]>[0]> };

/** The same three questions for a job of any operation. */
export function createAdmissions(table: AdmissionTable) {
  function find(operation: string): Admission<unknown> | undefined {
    return table[endpointOf(operation).verb] as Admission<unknown> | undefined;
  }
  return {
    async admit(operation: string, input: unknown, call: Call, previous: JobSubject | null): Promise<JobFacts> {
      return (await find(operation)?.admit(input, call, previous)) ?? {};
    },
    async accepted(job: Job, input: unknown): Promise<void> {
      await find(job.request.operation)?.accepted?.(job, input);
    },
    async ended(job: Job): Promise<void> {
      // A job outlives the operation it was made from, and must be able to end without it.
      if (findEndpoint(job.request.operation)) await find(job.request.operation)?.ended?.(job);
    },
  };
}

export type Admissions = ReturnType<typeof createAdmissions>;
