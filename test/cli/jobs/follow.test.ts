import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CliError } from '../../../src/cli/cli-error.ts';
import { createApiClient } from '../../../src/cli/http/api-client.ts';
import { followJob } from '../../../src/cli/jobs/follow.ts';
import { type Script, startFakeUpstream } from '../../helpers/fake-upstream.ts';

const minute = 60_000;

function frame(sequence: number, type: string): string {
  return `id: ${sequence}\ndata: ${JSON.stringify({ type, sequence_number: sequence })}\nevent: ${type}\n\n`;
}

function stream(...body: Exclude<Script, string>['body'] & object): Script {
  return { headers: { 'content-type': 'text/event-stream' }, body, ending: 'cut' };
}

const queued = stream(frame(1, 'job.queued'));
const ended = stream(frame(2, 'job.completed'));

const nothing: () => void = () => undefined;

/** Follows a job whose server answers by `scripts`; a test says what time it is at each event and each drop. */
async function follow(context: TestContext, scripts: readonly Script[], { onEvent = nothing, onDrop = nothing }) {
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const server = await startFakeUpstream();
  context.after(() => server.close());
  server.next(...scripts);
  const { signal } = new AbortController();
  const api = createApiClient(server.url, () => 'sk_test', signal);
  const types: string[] = [];
  for await (const { type } of followJob(api, 'job_1', { after: 0, signal, onDrop })) {
    types.push(type);
    onEvent();
  }
  return types;
}

test('a job that is quiet for an hour is followed on when its connection, which pinged, is cut', async (t) => {
  const hour = Promise.withResolvers<void>();
  const onEvent = () => {
    t.mock.timers.tick(60 * minute);
    hour.resolve();
  };
  const pinging = stream(frame(1, 'job.queued'), { until: hour.promise }, ': ping\n\n');
  assert.deepEqual(await follow(t, [pinging, 'reset', ended], { onEvent }), ['job.queued', 'job.completed']);
});

test('a server that takes connections has been reached, whatever becomes of them', async (t) => {
  const onDrop = () => t.mock.timers.tick(4 * minute);
  const types = await follow(t, [queued, stream(), 'reset', ended], { onDrop });
  assert.deepEqual(types, ['job.queued', 'job.completed']);
});

test('a server that takes none for five minutes is given up', async (t) => {
  const onDrop = () => t.mock.timers.tick(5 * minute + 1);
  const followed = follow(t, [queued, 'reset', ended], { onDrop });
  await assert.rejects(
    followed,
    (error) => error instanceof CliError && /not been reached for 5 minutes/.test(error.message),
  );
});
