/** What must hold when all has become quiet; the names are those of the fault matrix in the reference. */
import { endedWithout } from '../../src/activities/jobs/maintenance.ts';
import type { StoredError } from '../../src/core/errors.ts';
import { isTerminal, type Job, jobStatuses } from '../../src/core/job.ts';
import type { Submission } from './callers.ts';
import { workersFailed } from './engine.ts';
import type { System } from './system.ts';
import type { WatchedWrites } from './watch-writes.ts';

/** That few deaths of workers are no fault of the job. */
const fewDeaths = 10;

export function violationsOf(system: System, submissions: readonly Submission[], writes: WatchedWrites): string[] {
  const jobs = new Map(system.memory.all().map((job) => [job.id, job]));
  return [
    ...writes.violations,
    ...system.premature.map((id) => `I1: the workflow of job ${id} was started before the job was stored`),
    ...submissions.flatMap((submission) => ofSubmission(submission, jobs, writes)),
    ...[...jobs.values()].flatMap((job) => ofJob(job, system)),
    ...ofFiles(system, jobs),
    ...ofUpstream(system, writes),
  ];
}

/** I1 and I2 as callers see them. */
function ofSubmission(submission: Submission, jobs: ReadonlyMap<string, Job>, writes: WatchedWrites): string[] {
  const { ownerId, key, accepted, seen, missed, deleted } = submission;
  const made = writes.made.get(`${ownerId} ${key}`) ?? [];
  const violations: string[] = [];
  if (accepted.size !== 1) violations.push(`I1: key ${key} was answered ${accepted.size} jobs`);
  // A key lives as long as its job: a request that was held up until the job was deleted makes another.
  if (made.length !== 1 && !deleted) violations.push(`I1: key ${key} made ${made.length} jobs`);
  const [id = ''] = accepted;
  if (!deleted && !jobs.has(id)) violations.push(`I1: job ${id} was accepted and is lost`);
  if (missed > 0) violations.push(`I1: job ${id} was accepted and answered 404`);
  for (const [index, job] of seen.entries()) {
    const before = seen[index - 1];
    if (!before) continue;
    if (jobStatuses.indexOf(job.status) < jobStatuses.indexOf(before.status)) {
      violations.push(`I2: job ${id} was seen ${before.status} and then ${job.status}`);
    }
    if (job.lastSequence < before.lastSequence) violations.push(`I2: the log of job ${id} went back`);
  }
  return violations;
}

function ofJob(job: Job, { memory, upstream, files, subjects }: System): string[] {
  const { id, status, result } = job;
  if (!isTerminal(status)) return [`I1: job ${id} is ${status} and never ended`];
  const violations: string[] = [];
  const log = memory.log(id);
  if (log.some(({ sequence }, index) => sequence !== index + 2)) violations.push(`I2: the log of job ${id} has a gap`);
  const starts = log.filter(({ type }) => type === 'job.started');
  if (starts.length > 1) violations.push(`I2: the log of job ${id} has ${starts.length} beginnings`);
  const ends = log.filter(({ type }) => type === `job.${status}`);
  if (ends.length !== 1 || log.at(-1) !== ends[0]) violations.push(`I2: the log of job ${id} has ${ends.length} ends`);
  if ((status === 'completed') !== (result !== null)) violations.push(`I3: job ${id} is ${status}, its result is not`);
  if (result) {
    const blob = files.all().find(({ ref }) => ref.id === result.bodyBlob?.id);
    if (result.bodyBlob && !blob) violations.push(`I3: the result of job ${id} is gone`);
    const body = blob ? JSON.parse(Buffer.from(blob.bytes).toString()) : result.body;
    const number = (body as { data?: { embedding: number[] }[] } | null)?.data?.[0]?.embedding[0];
    const call = upstream.find((candidate) => candidate.number === number);
    if (call?.jobId !== id) violations.push(`I3: the result of job ${id} is not what the model said to it`);
  }
  if (job.error?.message === workersFailed && job.attempts < fewDeaths) {
    violations.push(`I1: job ${id} was given up after ${job.attempts} deaths of its workers`);
  }
  if (job.error && isOurs(job.error)) violations.push(`I1: job ${id} failed for nothing: ${job.error.message}`);
  if (status !== 'completed' && subjects.get(id) === 'open') {
    violations.push(`I6: job ${id} is ${status}, and what it was to fill still waits for it`);
  }
  return violations;
}

/** Two of our own workers stood in each other's way. */
function isOurs({ code, message }: StoredError): boolean {
  return code === 'conflict' || message === endedWithout.completed;
}

/** I6: every file is somebody's, and nobody misses one. */
function ofFiles({ files }: System, jobs: ReadonlyMap<string, Job>): string[] {
  const violations: string[] = [];
  for (const { ref, references } of files.all()) {
    if (references.size === 0) violations.push(`I6: file ${ref.id} is nobody's and was not swept`);
    for (const reference of references) {
      const jobId = reference.split(':')[1] ?? '';
      if (!jobs.has(jobId)) violations.push(`I6: file ${ref.id} is kept for ${reference}, and job ${jobId} is gone`);
    }
  }
  const kept = new Set(files.all().map(({ ref }) => ref.id));
  for (const job of jobs.values()) {
    const { bodyBlob } = job.request;
    if (bodyBlob && !kept.has(bodyBlob.id)) violations.push(`I6: the request of job ${job.id} is gone`);
  }
  return violations;
}

/** I7: nobody asks the model for a job that is cancelled, unless they were stopped when it was. */
function ofUpstream({ upstream }: System, { cancelledAt }: WatchedWrites): string[] {
  return upstream.flatMap(({ jobId, at, byZombie }) => {
    const ended = cancelledAt.get(jobId);
    return ended !== undefined && at > ended && !byZombie
      ? [`I7: the model was asked for job ${jobId} after its end`]
      : [];
  });
}
