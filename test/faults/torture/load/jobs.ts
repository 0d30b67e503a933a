/** What a caller does with a job: hand it in until it is accepted, then follow it in one of the ways there are. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isTerminal, type JobStatus } from '../../../../src/core/job.ts';
import type { Random } from '../random.ts';
import { type Answer, type Request, type Session, Unknown } from '../session.ts';

export interface SeenJob {
  id: string;
  status: JobStatus;
  last_sequence_number: number;
  result: { body: unknown } | null;
  /** Of a result that is too large to be part of the job. */
  result_sha256: string | null;
}

/** How long a caller follows a job of theirs; what becomes of it later is looked at when all is over. */
const followForMs = 20_000;

/** With a key, so that it can be repeated until there is an answer. Null when it was refused or nobody answered. */
export async function submit(
  session: Session,
  operation: string,
  path: string,
  request: () => Request,
): Promise<string | null> {
  const answer = await session.insist(operation, 'POST', path, () => {
    const { headers, ...rest } = request();
    return {
      ...rest,
      headers: {
        prefer: 'respond-async',
        'idempotency-key': `key-${operation}`,
        'x-request-id': operation,
        ...headers,
      },
    };
  });
  // A door with a view of its own, such as that of batches, answers 200 and that view.
  const id = answer && answer.status < 300 ? (answer.headers.get('x-job-id') ?? answer.json?.['id']) : undefined;
  if (typeof id === 'string') {
    session.history.add({ type: 'accepted', operation, jobId: id });
    return id;
  }
  const reason = answer ? `answered ${answer.status}: ${answer.text.slice(0, 300)}` : 'never answered';
  session.history.add({ type: 'fail', operation, reason });
  return null;
}

/** Reads it until it has ended or time is up, as callers do: by asking, by waiting, or by listening. */
export async function follow(session: Session, operation: string, jobId: string, random: Random): Promise<void> {
  const until = Date.now() + followForMs;
  const way = random.weighted({ ask: 2, wait: 3, listen: 3 });
  if (way === 'listen') await listen(session, operation, jobId, `${operation}/0`, until);
  let known: SeenJob | null = null;
  while (Date.now() < until) {
    known = (await read(session, operation, jobId, way === 'wait' ? known : null)) ?? known;
    if (known && isTerminal(known.status)) return readResult(session, operation, known);
    if (way !== 'wait' || !known) await delay(random.between(200, 700));
  }
}

/** Null when there was no answer, or nothing new. */
async function read(
  session: Session,
  operation: string,
  jobId: string,
  known: SeenJob | null,
): Promise<SeenJob | null> {
  const path = known ? `/v1/jobs/${jobId}?wait=5` : `/v1/jobs/${jobId}`;
  const headers = known ? { 'if-none-match': `"${known.last_sequence_number}"` } : {};
  const answer = await attempt(() => session.ask(operation, 'GET', path, { headers }));
  if (answer?.status !== 200) return null;
  const job = answer.json as unknown as SeenJob;
  session.history.add({
    type: 'observed',
    operation,
    jobId,
    through: known ? 'wait' : 'get',
    status: job.status,
    sequence: job.last_sequence_number,
    result: hashOfSeen(job),
  });
  return job;
}

async function readResult(session: Session, operation: string, job: SeenJob): Promise<void> {
  if (job.status !== 'completed') return;
  const answer = await attempt(() => session.ask(operation, 'GET', `/v1/jobs/${job.id}/result`));
  if (!answer || answer.status >= 400) return;
  session.history.add({
    type: 'observed',
    operation,
    jobId: job.id,
    through: 'result',
    status: 'completed',
    sequence: null,
    result: hashOf(answer.json),
  });
}

/** The events from the first to the terminal one; what was cut is taken up behind the last that came, elsewhere. */
async function listen(
  session: Session,
  operation: string,
  jobId: string,
  reader: string,
  until: number,
): Promise<void> {
  let last = 0;
  while (Date.now() < until) {
    const ended = await listenOnce(session, operation, jobId, last, until, (sequence, event) => {
      last = sequence;
      session.history.add({ type: 'event', operation, jobId, reader, sequence, event });
    });
    if (ended) return;
    await delay(150);
  }
}

async function listenOnce(
  session: Session,
  operation: string,
  jobId: string,
  after: number,
  until: number,
  onEvent: (sequence: number, event: string) => void,
): Promise<boolean> {
  try {
    const response = await session.open(operation, 'GET', `/v1/jobs/${jobId}/events`, {
      headers: after > 0 ? { 'last-event-id': String(after) } : {},
      timeoutMs: Math.max(1_000, until - Date.now()),
    });
    if (response.status === 204) return true;
    if (response.status !== 200 || !response.body) return false;
    let isEnd = false;
    for await (const { id, event } of eventsOf(response.body)) {
      // The server's own words, such as that it is about to end, are no part of the log.
      if (id === '') continue;
      onEvent(Number(id), event);
      isEnd = isTerminal(event.replace(/^job\./, '') as JobStatus);
    }
    return isEnd;
  } catch {
    // Cut in the middle, by whatever it was.
    return false;
  }
}

export interface WireEvent {
  id: string;
  event: string;
  data: string;
}

/** Whole events only: one that was cut has not come. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<WireEvent> {
  const decoder = new TextDecoder();
  let waiting = '';
  for await (const bytes of body) {
    waiting += decoder.decode(bytes, { stream: true });
    const blocks = waiting.split('\n\n');
    waiting = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = { id: '', event: '', data: '' };
      for (const line of block.split('\n')) {
        const [, name, value = ''] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
        if (name) fields[name as keyof typeof fields] = value;
      }
      if (fields.data !== '') yield fields;
    }
  }
}

async function attempt(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

export function hashOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

export function hashOfSeen(job: SeenJob): string | null {
  return job.result ? hashOf(job.result.body) : job.result_sha256;
}
