/** I5: one row per billable unit, and in it what the vendor counted. */
import { tokensPerText, usageOf } from '../provider.ts';
import { acceptedJobs, type Evidence, type Violation } from './evidence.ts';
import { feltDuring } from './trouble.ts';

export function everyUnitBilledOnce(evidence: Evidence): Violation[] {
  return [
    ...answeredCalls(evidence),
    ...completedJobs(evidence),
    ...documents(evidence),
    ...linesOfBatches(evidence),
    ...unknownCalls(evidence),
    ...errorLines(evidence),
  ];
}

function billed({ usage }: Evidence, operation: string) {
  return (usage.get(operation) ?? []).filter((row) => row.isBilled);
}

/** A call that was answered has its one row. */
function answeredCalls(evidence: Evidence): Violation[] {
  return evidence.entries.flatMap((entry) => {
    const kind = entry.type === 'ok' ? evidence.kinds.get(entry.operation) : undefined;
    if (entry.type !== 'ok' || (kind !== 'call' && kind !== 'stream')) return [];
    return oneRow(evidence, entry.operation);
  });
}

/** One whose answer was lost has at most one: it is not known how far it came. */
function unknownCalls(evidence: Evidence): Violation[] {
  return evidence.entries.flatMap((entry) => {
    if (entry.type !== 'info' && entry.type !== 'fail') return [];
    const kind = evidence.kinds.get(entry.operation);
    const rows = billed(evidence, entry.operation);
    if ((kind !== 'call' && kind !== 'stream') || rows.length <= 1) return [];
    return [{ invariant: 'I5', about: entry.operation, what: `has ${rows.length} rows for one call` }];
  });
}

function completedJobs(evidence: Evidence): Violation[] {
  return acceptedJobs(evidence).flatMap(({ operation, jobId }) => {
    const kind = evidence.kinds.get(operation);
    if (kind === 'document' || kind === 'batch' || kind === 'cancelled-batch') return [];
    const status = evidence.jobs.get(jobId)?.status;
    if (status === 'completed' || evidence.deleted.has(jobId)) return oneRow(evidence, operation);
    const rows = billed(evidence, operation);
    return rows.length <= 1
      ? []
      : [{ invariant: 'I5', about: operation, what: `${status}, and has ${rows.length} rows` }];
  });
}

/** Under the id of the request; `operation` says what the vendor counted. */
function oneRow(evidence: Evidence, request: string, operation = request): Violation[] {
  const rows = billed(evidence, request);
  const fault = (what: string) => [{ invariant: 'I5', about: operation, what }];
  const [row] = rows;
  if (!row || rows.length > 1) return fault(`has ${rows.length} rows for one answer`);
  if (row.endpoint?.endsWith('/embeddings')) {
    return row.promptTokens === tokensPerText
      ? []
      : fault(`is billed ${row.promptTokens} tokens, not ${tokensPerText}`);
  }
  const counted = usageOf(operation);
  if (row.promptTokens === counted.prompt && row.completionTokens === counted.completion && !row.estimated) return [];
  return fault(
    `is billed ${row.promptTokens}+${row.completionTokens}${row.estimated ? ' (estimated)' : ''}, not ${counted.prompt}+${counted.completion}`,
  );
}

/** A line is a call of its own, under an id of its own. */
function linesOfBatches(evidence: Evidence): Violation[] {
  return evidence.state.lines.flatMap(({ file, id, customId }) =>
    file === 'output' ? oneRow(evidence, id, customId) : [],
  );
}

/** A chunk is billed once, whoever embedded it how often. */
function documents(evidence: Evidence): Violation[] {
  const jobOf = new Map(acceptedJobs(evidence).map(({ operation, jobId }) => [jobId, operation]));
  return evidence.state.documents.flatMap((document) => {
    const operation = document.jobId === null ? undefined : jobOf.get(document.jobId);
    if (operation === undefined || document.status !== 'completed') return [];
    const tokens = billed(evidence, operation).reduce((sum, row) => sum + row.promptTokens, 0);
    const expected = document.chunks * tokensPerText;
    if (tokens === expected) return [];
    return [
      {
        invariant: 'I5',
        about: operation,
        what: `${document.chunks} chunks are billed ${tokens} tokens, not ${expected}`,
      },
    ];
  });
}

/**
 * Nobody pays for a line that failed. Of a batch that was cancelled a line may have been answered to a worker that was
 * gone before it could keep the answer: nobody asks again then.
 */
function errorLines(evidence: Evidence): Violation[] {
  return evidence.state.lines.flatMap(({ jobId, file, id, customId }) => {
    const rows = file === 'error' ? billed(evidence, id) : [];
    if (rows.length === 0 || (rows.length === 1 && lostItsWorker(evidence, jobId))) return [];
    return [{ invariant: 'I5', about: customId, what: 'is an error, and is billed' }];
  });
}

function lostItsWorker({ jobs, troubles }: Evidence, batch: string): boolean {
  const job = jobs.get(batch);
  if (job?.status !== 'cancelled') return false;
  const felt = feltDuring(troubles, job.createdAt, job.completedAt ?? Number.POSITIVE_INFINITY);
  return felt.some(({ target }) => target.startsWith('worker-'));
}
