import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { isTerminal, type JobStatus, mayBecome } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';

/** What a caller has seen of one job. Whatever comes next must agree with it. */
interface SeenJob {
  id: string;
  status: JobStatus;
  sequence: number;
  /** The log as far as it has been read; its index is the sequence number less one. */
  events: string[];
  /** The first answer that showed the job as ended. */
  final: string | null;
}

interface Model {
  /** Oldest first. Deleted jobs are taken out. */
  jobs: SeenJob[];
  deleted: string[];
}

interface JobAnswer {
  id: string;
  status: JobStatus;
  last_sequence_number: number;
}

const maxWalkLength = 12;

/** True when a job may come from one status to the other, however many moves it takes. */
function mayReach(from: JobStatus, to: JobStatus): boolean {
  const reached = new Set<JobStatus>([from]);
  for (const status of reached) {
    for (const next of ['in_progress', 'cancelling', 'completed', 'failed', 'cancelled', 'expired'] as const) {
      if (mayBecome(status, next)) reached.add(next);
    }
  }
  return reached.has(to);
}

function learn(seen: SeenJob, answer: JobAnswer): void {
  assert.ok(mayReach(seen.status, answer.status), `${seen.status} -> ${answer.status}`);
  assert.ok(answer.last_sequence_number >= seen.sequence, 'the sequence number went back');
  const text = JSON.stringify(answer);
  if (seen.final !== null) assert.equal(text, seen.final, 'an ended job has changed');
  if (isTerminal(answer.status)) seen.final = text;
  seen.status = answer.status;
  seen.sequence = answer.last_sequence_number;
}

/** `[sequence, frame]` of what a stream has sent so far. */
function framesOf(text: string): [number, string][] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id:'))
    .map((frame) => [Number(/^id: ?(\d+)/.exec(frame)?.[1]), frame]);
}

function learnEvents(seen: SeenJob, after: number, frames: readonly [number, string][]): void {
  frames.forEach(([sequence, frame], index) => {
    assert.equal(sequence, after + index + 1, 'the log has a gap');
    const known = seen.events[sequence - 1];
    if (known !== undefined) assert.equal(frame, known, 'an event has changed');
    seen.events[sequence - 1] = frame;
  });
}

/** Picks one of the jobs there are when the command runs. */
abstract class OnJob implements fc.AsyncCommand<Model, TestCaller> {
  readonly pick: number;
  constructor(pick: number) {
    this.pick = pick;
  }
  check(model: Readonly<Model>): boolean {
    return model.jobs.length > 0;
  }
  jobOf(model: Model): SeenJob {
    const job = model.jobs[this.pick % model.jobs.length];
    assert.ok(job);
    return job;
  }
  abstract run(model: Model, user: TestCaller): Promise<void>;
  toString(): string {
    return `${this.constructor.name}(${this.pick})`;
  }
}

class Submit implements fc.AsyncCommand<Model, TestCaller> {
  readonly key: string | null;
  constructor(key: string | null) {
    this.key = key;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, user: TestCaller): Promise<void> {
    const headers = { prefer: 'respond-async', ...(this.key !== null && { 'idempotency-key': `k-${this.key}` }) };
    const body = { model: 'all-minilm-l6-v2', input: 'hello' };
    const answer = await user.json<JobAnswer>('POST', '/v1/embeddings', { body, headers });
    const known = model.jobs.find(({ id }) => id === answer.id);
    if (known) return learn(known, answer);
    assert.ok(!model.deleted.includes(answer.id), 'a deleted job came back');
    assert.ok((model.jobs.at(-1)?.id ?? '') < answer.id, 'ids do not sort by time');
    model.jobs.push({ id: answer.id, status: answer.status, sequence: 1, events: [], final: null });
  }
  toString(): string {
    return `Submit(${this.key})`;
  }
}

class Poll extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const response = await user.request('GET', `/v1/jobs/${seen.id}`);
    assert.equal(response.status, 200);
    const answer = (await response.json()) as JobAnswer;
    assert.match(response.headers.get('etag') ?? '', new RegExp(`"${answer.last_sequence_number}"`));
    learn(seen, answer);
  }
}

class LongPoll extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const headers = { 'if-none-match': `"${seen.sequence}"` };
    const response = await user.request('GET', `/v1/jobs/${seen.id}?wait=20`, { headers });
    if (response.status === 304) return assert.ok(isTerminal(seen.status), 'nothing new though the job goes on');
    learn(seen, (await response.json()) as JobAnswer);
  }
}

class Stream extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const frames = framesOf(await (await user.request('GET', `/v1/jobs/${seen.id}/events`)).text());
    learnEvents(seen, 0, frames);
    assert.match(frames.at(-1)?.[1] ?? '', /event: ?job\.(completed|failed|cancelled|expired)/);
    assert.ok(frames.length >= seen.sequence);
  }
}

/** Reads a little and goes away. */
class Drop extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const leaving = new AbortController();
    const response = await user.request('GET', `/v1/jobs/${seen.id}/events`, { signal: leaving.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (reader && framesOf(text).length === 0) text += (await reader.read()).value ?? '';
    leaving.abort();
    const complete = text.slice(0, text.lastIndexOf('\n\n') + 2);
    learnEvents(seen, 0, framesOf(complete));
  }
}

class Resume extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const position = seen.events.findLastIndex((event) => event !== undefined) + 1;
    const headers = { 'last-event-id': String(position) };
    const response = await user.request('GET', `/v1/jobs/${seen.id}/events`, { headers });
    const frames = framesOf(await response.text());
    if (response.status === 204) return assert.ok(isTerminal(seen.status) || frames.length === 0);
    learnEvents(seen, position, frames);
  }
}

class Cancel extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const answer = await user.json<JobAnswer>('POST', `/v1/jobs/${seen.id}/cancel`);
    assert.ok(answer.status === 'cancelling' || isTerminal(answer.status), answer.status);
    learn(seen, answer);
  }
}

class Remove extends OnJob {
  async run(model: Model, user: TestCaller): Promise<void> {
    const seen = this.jobOf(model);
    const { status } = await user.request('DELETE', `/v1/jobs/${seen.id}`);
    if (status === 409) return assert.equal(seen.final, null, 'an ended job cannot be deleted');
    assert.equal(status, 204);
    model.jobs = model.jobs.filter((job) => job !== seen);
    model.deleted.push(seen.id);
    assert.equal((await user.request('GET', `/v1/jobs/${seen.id}`)).status, 404);
  }
}

class List implements fc.AsyncCommand<Model, TestCaller> {
  check(): boolean {
    return true;
  }
  async run(model: Model, user: TestCaller): Promise<void> {
    const ids: string[] = [];
    for (let after = ''; ; ) {
      const cursor = after === '' ? '' : `&after=${after}`;
      const page = await user.json<{ data: JobAnswer[]; has_more: boolean; last_id: string }>(
        'GET',
        `/v1/jobs?limit=3&order=asc${cursor}`,
      );
      ids.push(...page.data.map(({ id }) => id));
      if (!page.has_more) break;
      after = page.last_id;
    }
    assert.deepEqual(
      ids,
      model.jobs.map(({ id }) => id),
    );
  }
  toString(): string {
    return 'List()';
  }
}

const pick = fc.nat({ max: 20 });
const commands = fc.commands(
  [
    fc.option(fc.constantFrom('a', 'b'), { nil: null }).map((key) => new Submit(key)),
    fc.constant(new Submit(null)),
    pick.map((value) => new Poll(value)),
    pick.map((value) => new LongPoll(value)),
    pick.map((value) => new Stream(value)),
    pick.map((value) => new Drop(value)),
    pick.map((value) => new Resume(value)),
    pick.map((value) => new Cancel(value)),
    pick.map((value) => new Remove(value)),
    fc.constant(new List()),
  ],
  { maxCommands: maxWalkLength },
);

describe('jobs against a model', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ workers: true });
  });
  after(() => app.stop());

  it('agree with what was seen before, on every walk through submit, poll, wait, stream, drop, resume, cancel, delete and list', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (walk) => {
        const user = await app.signUp();
        await fc.asyncModelRun(() => ({ model: { jobs: [], deleted: [] }, real: user }), walk);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
