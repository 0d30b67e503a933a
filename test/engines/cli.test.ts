import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../helpers/app.ts';
import { startCli } from '../helpers/cli.ts';
import { projectPath } from '../helpers/project.ts';

const model = 'all-minilm-l6-v2';

describe('the command line before the running product', () => {
  let app: TestApp;
  let caller: TestCaller;

  before(async () => {
    app = await startTestApp({ workers: true });
    caller = await app.signUp();
  });
  after(() => app?.stop());

  const run = (...args: string[]) => startCli(args, { SWITCHYARD_URL: app.url, SWITCHYARD_API_KEY: caller.key }).ended;

  it('submits a call, shows its progress on standard error and prints its result alone', async () => {
    const body = JSON.stringify({ input: 'a harbour' });
    const submit = ['jobs', 'submit', '/v1/embeddings', '--body', body, '--model', model];
    const { code, stdout, stderr } = await run(...submit, '--metadata', 'team=quay', '--wait');
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).data[0].embedding.length, 384);
    assert.match(stderr, /completed/);
  });

  it('finds the job again, by its label, and prints its result', async () => {
    const { stdout } = await run('jobs', 'list', '--metadata', 'team=quay', '--json');
    const [job, ...others] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([job.status, others], ['completed', []]);
    const result = await run('jobs', 'result', job.id);
    assert.equal(JSON.parse(result.stdout).object, 'list');
    const again = await run('jobs', 'retry', job.id, '--json');
    assert.equal(JSON.parse(again.stdout).retried_from, job.id);
    assert.equal((await run('jobs', 'watch', JSON.parse(again.stdout).id)).code, 0);
  });

  it('submits a file, and watches its job to the end in a pipe', async () => {
    const { id } = await caller.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'cli' } });
    const file = `file=${projectPath('examples/documents/operations-handbook.md')}`;
    const body = JSON.stringify({ collection_id: id });
    const submitted = await run('jobs', 'submit', '/v1/documents', '--body', body, '--file', file);
    assert.equal(submitted.code, 0, submitted.stderr);
    const { code, stdout, stderr } = await run('jobs', 'watch', submitted.stdout.trim());
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^1 queued\n(.*\n)+\d+ completed\n$/);
  });

  it('cancels a job', async () => {
    const deadline = ['--body', JSON.stringify({ model, input: 'a moor' })];
    const { stdout } = await run('jobs', 'submit', '/v1/embeddings', ...deadline);
    const { code } = await run('jobs', 'cancel', stdout.trim());
    assert.equal(code, 0);
    const { status } = await caller.json<{ status: string }>('GET', `/v1/jobs/${stdout.trim()}`);
    assert.ok(['cancelling', 'cancelled', 'completed'].includes(status), status);
  });
});
