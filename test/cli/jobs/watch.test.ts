import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startCli } from '../../helpers/cli.ts';
import { jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const job = { id: 'job_1', status: 'completed', error: null };
const environment = { SWITCHYARD_API_KEY: 'sk_test' };

const progress = (percent: number) => ({
  progress: { percent, stage: 'extract', completed: percent, total: 100, message: null },
});

function frame(sequence: number, type: string, data: object = {}): string {
  const body = { type, job_id: 'job_1', sequence_number: sequence, created_at: 0, ...data };
  return `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify(body)}\n\n`;
}

const sse = { 'content-type': 'text/event-stream' };

/** A server whose event streams end as they are told to, one after the other. */
async function startServer(context: TestContext) {
  const server = await startFakeUpstream(jsonAnswer(job));
  context.after(() => server.close());
  const watch = (...args: string[]) => startCli(['jobs', 'watch', 'job_1', '--url', server.url, ...args], environment);
  return { server, watch };
}

test('a connection that is cut is taken up behind the last event, and every event is shown once', async (t) => {
  const { server, watch } = await startServer(t);
  server.next(
    { headers: sse, body: [frame(1, 'job.queued'), frame(2, 'job.progress', progress(10))], ending: 'cut' },
    { headers: sse, body: [frame(3, 'job.progress', progress(50)), 'event: server.draining\ndata: {}\n\n'] },
    { headers: sse, body: [frame(4, 'job.completed')] },
  );
  const { code, stdout, stderr } = await watch('--json').ended;
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).sequence_number),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    server.ledger.slice(0, 3).map(({ headers }) => headers['last-event-id']),
    ['0', '2', '3'],
  );
  assert.equal(server.ledger[0]?.headers.authorization, 'Bearer sk_test');
});

test('in a pipe it is a line per change, without colours', async (t) => {
  const { server, watch } = await startServer(t);
  server.next({
    headers: sse,
    body: [frame(1, 'job.queued'), frame(2, 'job.progress', progress(50)), frame(3, 'job.completed')],
  });
  const { stdout, stderr } = await watch().ended;
  assert.equal(stdout, '1 queued\n2 progress 50 % extract 50/100\n3 completed\n');
  assert.equal(stderr, 'job_1 completed\n');
});

test('a job that failed ends it with 1, and with what went wrong', async (t) => {
  const { server, watch } = await startServer(t);
  const failed = { ...job, status: 'failed', error: { code: 'upstream_error', message: 'It broke.' } };
  server.next({ headers: sse, body: [frame(1, 'job.failed')] }, jsonAnswer(failed));
  const { code, stderr } = await watch().ended;
  assert.equal(code, 1);
  assert.equal(stderr, 'job_1 failed: It broke. (upstream_error)\n');
});

test('Ctrl-C leaves the job alone and says how to go on', async (t) => {
  const { server, watch } = await startServer(t);
  server.next({ headers: sse, body: [frame(1, 'job.queued'), frame(2, 'job.started')], ending: 'hang' });
  const { child, printed, ended } = watch();
  await waitFor('two events', () => printed.stdout.includes('started'));
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /switchyard jobs watch job_1 --after 2/);
  assert.equal(
    server.ledger.some(({ method }) => method === 'POST'),
    false,
  );
});

test('a server that stood still while its connection was opened is asked again', async (t) => {
  const { server, watch } = await startServer(t);
  server.next(jsonAnswer({ error: { message: 'Too slow.' } }, 408), {
    headers: sse,
    body: [frame(1, 'job.completed')],
  });
  const { code, stderr } = await watch().ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /job_1 completed\n$/);
});

test('what became of an ended job is asked again where the connection breaks', async (t) => {
  const { server, watch } = await startServer(t);
  server.next({ headers: sse, body: [frame(1, 'job.completed')] }, 'reset');
  const { code, stderr } = await watch().ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /job_1 completed\n$/);
});

const refusals: [status: number, code: number][] = [
  [401, 3],
  [404, 3],
];
for (const [status, expected] of refusals) {
  test(`a refusal with ${status} ends it with ${expected}, and is not asked again`, async (t) => {
    const { server, watch } = await startServer(t);
    server.respond(jsonAnswer({ error: { message: 'No such job.' } }, status));
    const { code, stderr } = await watch().ended;
    assert.equal(code, expected);
    assert.match(stderr, /No such job/);
    assert.equal(server.ledger.length, 1);
  });
}
