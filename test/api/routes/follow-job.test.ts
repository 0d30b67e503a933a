import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Job, JobEvent } from '../../../src/core/job.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { asUser, jsonOf, type NativeError, startTestApi } from '../../helpers/api.ts';
import { buildJob, completedJob } from '../../helpers/jobs.ts';

const job = completedJob({ lastSequence: 5 });
const log: JobEvent[] = [
  event(1, 'job.queued'),
  event(2, 'job.started'),
  event(3, 'job.progress', { percent: 42, stage: 'embed', completed: 3, total: 7, message: null }),
  event(4, 'job.output', { delta: 'a\nb' }),
  event(5, 'job.completed'),
];

function event(sequence: number, type: JobEvent['type'], data: Record<string, unknown> = {}): JobEvent {
  return { jobId: job.id, sequence, type, createdAt: 1_763_700_000_500, data };
}

const replay: Verbs['followJob'] = async function* ({ afterSequence }) {
  yield* log.filter(({ sequence }) => sequence > afterSequence);
};

async function startFollowing(context: TestContext, found: Job = job, followJob: Verbs['followJob'] = replay) {
  const api = await startTestApi(context, { verbs: { getJob: async () => found, followJob } });
  const follow = (query = '', headers: Record<string, string> = {}) =>
    fetch(`${api.url}/v1/jobs/${job.id}/events${query}`, { headers: { ...asUser, ...headers } });
  return { ...api, follow };
}

/** The blocks of an event stream, without the opening one. */
function blocks(text: string): string[] {
  return text.split('\n\n').slice(1, -1);
}

test('every event has its number, type and data, and the stream ends behind the last one', async (t) => {
  const { follow } = await startFollowing(t);
  const response = await follow();
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const text = await response.text();
  assert.ok(text.startsWith('retry: 2000\n\n'));
  const seen = blocks(text);
  assert.equal(seen.length, 5);
  assert.equal(
    seen[3],
    `id: 4\nevent: job.output\ndata: {"type":"job.output","job_id":"${job.id}","sequence_number":4,"created_at":1763700000,"delta":"a\\nb"}`,
  );
  assert.match(seen[2] ?? '', /"progress":\{"percent":42,"stage":"embed","completed":3,"total":7,/);
  assert.match(seen[4] ?? '', /^id: 5\nevent: job.completed\n/);
});

for (let from = 0; from < log.length; from += 1) {
  test(`a stream resumed after ${from} goes on exactly there, by header as by query`, async (t) => {
    const { follow } = await startFollowing(t);
    const whole = blocks(await (await follow()).text());
    assert.deepEqual(blocks(await (await follow(`?starting_after=${from}`)).text()), whole.slice(from));
    assert.deepEqual(blocks(await (await follow('', { 'last-event-id': String(from) })).text()), whole.slice(from));
  });
}

test('the header is newer than the query', async (t) => {
  const { follow } = await startFollowing(t);
  const response = await follow('?starting_after=0', { 'last-event-id': '4' });
  assert.equal(blocks(await response.text()).length, 1);
});

for (const id of ['5', '9']) {
  test(`a reader that reconnects with ${id} behind the end is told to stop`, async (t) => {
    const { follow } = await startFollowing(t);
    const response = await follow('', { 'last-event-id': id });
    assert.deepEqual([response.status, await response.text()], [204, '']);
  });
}

test('an id that is no number is refused by name', async (t) => {
  const { follow } = await startFollowing(t);
  const response = await follow('', { 'last-event-id': 'abc' });
  assert.deepEqual([response.status, (await jsonOf<NativeError>(response)).error.param], [400, 'Last-Event-ID']);
});

/** Events of a job that goes on for ever, one whenever `next` is called. */
function liveLog() {
  const state = { position: 1, signal: null as AbortSignal | null, ended: false };
  let wake = Promise.withResolvers<void>();
  const followJob: Verbs['followJob'] = async function* ({ afterSequence }, call) {
    state.signal = call.signal;
    const gone = once(call.signal, 'abort');
    try {
      for (let sequence = afterSequence + 1; ; sequence += 1) {
        await Promise.race([wake.promise, gone]);
        if (call.signal.aborted) return;
        wake = Promise.withResolvers();
        yield event(sequence, 'job.output', { delta: 'x'.repeat(100) });
        state.position = sequence;
      }
    } finally {
      state.ended = true;
    }
  };
  return { state, followJob, next: () => wake.resolve() };
}

test('an event is on the wire as soon as there is one', async (t) => {
  const { followJob, next } = liveLog();
  const { follow } = await startFollowing(t, buildJob(), followJob);
  const reader = (await follow()).body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader?.read())?.value, 'retry: 2000\n\n');
  next();
  assert.match((await reader?.read())?.value ?? '', /^id: 1\nevent: job.output\n/);
  await reader?.cancel();
});

test('a reader that goes away ends the reading of the log', async (t) => {
  const { followJob, state } = liveLog();
  const { follow } = await startFollowing(t, buildJob(), followJob);
  await (await follow()).body?.cancel();
  await t.waitFor(() => assert.ok(state.signal?.aborted && state.ended));
});

test('when the server begins to stop, readers are told and let go', async (t) => {
  const { followJob, state } = liveLog();
  const { follow, draining } = await startFollowing(t, buildJob(), followJob);
  const response = await follow();
  draining.abort();
  assert.deepEqual(blocks(await response.text()), [
    'event: server.draining\ndata: {"reason":"The server is stopping.","last_event_id":null}',
  ]);
  await t.waitFor(() => assert.ok(state.ended));
});

test('a reader that stalls holds its writer back', async (t) => {
  let written = 0;
  const endless: Verbs['followJob'] = async function* (_input, call) {
    for (let sequence = 1; !call.signal.aborted; sequence += 1) {
      yield event(sequence, 'job.output', { delta: 'x'.repeat(64 * 1024) });
      written = sequence;
    }
  };
  const { url } = await startFollowing(t, buildJob(), endless);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  socket.pause();
  socket.write(`GET /v1/jobs/${job.id}/events HTTP/1.1\r\nhost: a\r\nauthorization: Bearer good\r\n\r\n`);
  let before = -1;
  await t.waitFor(
    () => {
      const stalled = written > 0 && written === before;
      before = written;
      assert.ok(stalled, `still writing at event ${written}`);
    },
    { interval: 300, timeout: 20_000 },
  );
  assert.ok(written < 500, `${written} events of 64 KiB were written to nobody`);
});
