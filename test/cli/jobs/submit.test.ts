import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startCli } from '../../helpers/cli.ts';
import { jsonAnswer, type Script, startFakeUpstream } from '../../helpers/fake-upstream.ts';

const accepted = jsonAnswer({ id: 'job_1', status: 'queued' }, 202);
const completed = jsonAnswer({ id: 'job_1', status: 'completed', error: null });
const ended: Script = {
  headers: { 'content-type': 'text/event-stream' },
  body: ['id: 1\nevent: job.completed\ndata: {"type":"job.completed","sequence_number":1}\n\n'],
};

/** Submits a call to a server that answers by `scripts`. */
async function submit(context: TestContext, scripts: readonly Script[], ...args: string[]) {
  const server = await startFakeUpstream();
  context.after(() => server.close());
  server.next(...scripts);
  const environment = { SWITCHYARD_API_KEY: 'sk_test' };
  const outcome = await startCli(['jobs', 'submit', '/v1/rerank', '--url', server.url, ...args], environment).ended;
  const keys = server.ledger.flatMap(({ method, headers }) =>
    method === 'POST' ? [String(headers['idempotency-key'])] : [],
  );
  return { ...outcome, keys, asked: server.ledger.length };
}

for (const [what, lost] of [
  ['whose connection breaks', 'reset'],
  ['whose answer is cut off', { ...accepted, body: ['{"id": '], ending: 'cut' }],
  ['that a frozen server took too long to read', jsonAnswer({ error: { message: 'Too slow.' } }, 408)],
] as const) {
  test(`a submission ${what} is sent again under the key that was made up for it`, async (t) => {
    const { code, stdout, stderr, keys } = await submit(t, [lost, accepted]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'job_1\n');
    assert.match(keys[0] ?? '', /^[0-9a-f-]{36}$/);
    assert.deepEqual(keys, [keys[0], keys[0]]);
  });
}

test('two submissions are two jobs: each has a key of its own', async (t) => {
  const [first, second] = [await submit(t, [accepted]), await submit(t, [accepted])];
  assert.notEqual(first.keys[0], second.keys[0]);
});

test('a submission is given up after three repeats', async (t) => {
  const { code, keys } = await submit(t, ['reset', 'reset', 'reset', 'reset', accepted], '--idempotency-key', 'mine');
  assert.equal(code, 4);
  assert.deepEqual(keys, Array(4).fill('mine'));
});

test('a submission that is refused is not sent again', async (t) => {
  const { code, asked } = await submit(t, [jsonAnswer({ error: { message: 'No.' } }, 422), accepted]);
  assert.deepEqual([code, asked], [3, 1]);
});

test('a result whose connection breaks is printed once, whole', async (t) => {
  const head = { headers: { 'content-type': 'application/json' } };
  const cut: Script = { ...head, body: ['{"results"'], ending: 'cut' };
  const whole: Script = { ...head, body: ['{"results": []}'] };
  const { code, stdout, stderr } = await submit(t, [accepted, ended, completed, 'reset', cut, whole], '--wait');
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '{"results": []}');
});
