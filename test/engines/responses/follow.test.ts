import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Job, NewJobEvent } from '../../../src/core/job.ts';
import { type ResponseEvent, responseIdOf } from '../../../src/core/response.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';

const ownerId = 7;
const call = buildUserCall({ userId: ownerId });

describe('the events of a response that runs as a job', () => {
  let app: TestApp;

  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  /** A job in the hands of its first worker. */
  async function begin(): Promise<Job> {
    const { jobs, newJobId } = app.deps;
    const body = { model: 'm', input: 'Hello', background: true, stream: true };
    const request = { operation: 'POST /v1/responses', params: {}, query: {}, body, bodyBlob: null, files: {} };
    const job = buildJob({ id: newJobId(Date.now()), ownerId, request, endpoint: '/v1/responses' });
    await jobs.accept(job, null);
    return takeOver(job);
  }

  async function takeOver({ id }: Job): Promise<Job> {
    const taken = await app.deps.jobs.move(ownerId, id, { to: 'in_progress', increment: { run: 1 }, now: Date.now() });
    assert.ok(taken);
    return taken;
  }

  /** What a worker leaves in the log. */
  async function say({ id, run }: Job, ...events: ResponseEvent[]): Promise<void> {
    const line: NewJobEvent = {
      type: 'job.output',
      data: { run, index: 0, delta: '', events: events.map((data) => ({ event: data.type, data })) },
    };
    assert.ok(await app.deps.jobs.report(ownerId, id, run, { events: [line], progress: null }, Date.now()));
  }

  function follow({ id }: Job) {
    return app.verbs.followResponse({ id: responseIdOf(id) }, call)[Symbol.asyncIterator]();
  }

  const inProgress: ResponseEvent = { type: 'response.in_progress', sequence_number: 2 };
  const delta = (text: string): ResponseEvent => {
    return { type: 'response.output_text.delta', sequence_number: 3, delta: text };
  };
  const completed: ResponseEvent = { type: 'response.completed', sequence_number: 4 };

  it('are those of the acceptance, then those of the worker, up to the last', async () => {
    const job = await begin();
    await say(job, inProgress, delta('a'));
    await say(job, completed);
    const events = await Array.fromAsync(app.verbs.followResponse({ id: responseIdOf(job.id) }, call));
    assert.deepEqual(
      events.map((event) => event.type),
      ['response.created', 'response.queued', inProgress.type, delta('a').type, completed.type],
    );
    const [created] = events;
    assert.ok(created);
    assert.equal((created['response'] as { status: string }).status, 'queued');
  });

  it('are those of the latest worker alone for whoever comes after it took over', async () => {
    const first = await begin();
    await say(first, inProgress, delta('lost'));
    const second = await takeOver(first);
    await say(second, inProgress, delta('kept'), completed);
    const events = await Array.fromAsync(app.verbs.followResponse({ id: responseIdOf(first.id) }, call));
    assert.deepEqual(
      events.slice(2).map((event) => event['delta']),
      [undefined, 'kept', undefined],
    );
  });

  it('break off for whoever has heard the worker that was lost', async () => {
    const first = await begin();
    await say(first, inProgress, delta('lost'));
    const events = follow(first);
    for (const _ of [0, 1, 2, 3]) await events.next();
    const second = await takeOver(first);
    await say(second, inProgress, delta('kept'), completed);
    await assert.rejects(events.next(), { code: 'upstream_error' });
  });

  it('go on with the next worker for whoever has heard nothing of the first', async () => {
    const first = await begin();
    const events = follow(first);
    for (const _ of [0, 1]) await events.next();
    const second = await takeOver(first);
    await say(second, inProgress, completed);
    assert.deepEqual((await events.next()).value, inProgress);
    assert.deepEqual((await events.next()).value, completed);
    assert.equal((await events.next()).done, true);
  });

  it('end in a failure when the job does', async () => {
    const job = await begin();
    await say(job, inProgress);
    const error = { code: 'upstream_error', message: 'It broke off.', param: null, retryable: true } as const;
    await app.deps.jobs.end(
      ownerId,
      job.id,
      job.run,
      { status: 'failed', result: null, error, expiresAt: 0 },
      Date.now(),
    );
    const events = await Array.fromAsync(app.verbs.followResponse({ id: responseIdOf(job.id) }, call));
    const last = events.at(-1);
    assert.ok(last);
    assert.deepEqual([last.type, last.sequence_number], ['response.failed', 3]);
    const { status, error: shown } = last['response'] as { status: string; error: unknown };
    assert.deepEqual([status, shown], ['failed', { code: 'server_error', message: 'It broke off.' }]);
  });

  it('are gone with the result of the job, also for whoever was in the middle of them', async () => {
    const job = await begin();
    await say(job, inProgress, delta('a'));
    const reader = follow(job);
    for (const _ of [0, 1]) await reader.next();
    await app.deps.jobMaintenance.dropResult(ownerId, job.id);
    await assert.rejects(reader.next(), { code: 'job_expired' });
    await assert.rejects(follow(job).next(), { code: 'job_expired' });
  });

  it("are not those of somebody else's job, nor of a job that is no response", async () => {
    const job = await begin();
    const stranger = buildUserCall({ userId: 8 });
    const events = app.verbs.followResponse({ id: responseIdOf(job.id) }, stranger)[Symbol.asyncIterator]();
    await assert.rejects(events.next(), { code: 'not_found' });
    const other = buildJob({ id: app.deps.newJobId(Date.now()), ownerId });
    await app.deps.jobs.accept(other, null);
    await assert.rejects(follow(other).next(), { code: 'not_found' });
  });
});
