import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { completedJob, type PresentedJob } from '../../helpers/jobs.ts';

type Inspected = PresentedJob & { owner_id?: number; links: { workflow?: string } };

const secret = 'ptarmigan';
const uiUrl = 'http://ui.example:8233';

describe("somebody's job, to those who look after the gateway", () => {
  let app: TestApp;
  let owner: TestCaller;
  let keys: Record<'an administrator' | 'the master key', string>;
  let path: string;

  before(async () => {
    app = await startTestApp({ config: { temporal: { uiUrl } } });
    owner = await app.signUp();
    keys = { 'an administrator': (await app.signUp('admin')).key, 'the master key': app.masterKey };
    const id = app.deps.newJobId(Date.now());
    const job = completedJob({
      ...{ id, ownerId: owner.userId, metadata: { team: secret }, idempotencyKey: secret },
      result: { statusCode: 200, headers: {}, body: { text: secret }, bodyBlob: null },
      progress: { percent: 100, stage: 'call', completed: 1, total: 1, message: secret, updatedAt: Date.now() },
      webhook: {
        url: `https://example.com/${secret}`,
        events: ['job.completed'],
        payload: 'thin',
        status: 'waiting',
        attempts: 0,
      },
    });
    await app.deps.jobs.accept(job, null);
    path = `/v1/jobs/${id}`;
  });
  after(() => app?.stop());

  function ask(key: string, method: string, asked: string): Promise<Response> {
    return fetch(`${app.url}${asked}`, { method, headers: { authorization: `Bearer ${key}` } });
  }

  for (const who of ['an administrator', 'the master key'] as const) {
    it(`tells ${who} whose it is, how it went, and where its workflow is`, async () => {
      const response = await ask(keys[who], 'GET', path);
      const job = (await response.json()) as Inspected;
      assert.deepEqual([response.status, job.owner_id, job.status], [200, owner.userId, 'completed']);
      assert.ok(job.completed_at);
      assert.ok(job.links.workflow?.startsWith(uiUrl));
    });

    it(`tells ${who} nothing of what its owner sent, said of it or was answered`, async () => {
      const text = await (await ask(keys[who], 'GET', path)).text();
      assert.ok(!text.includes(secret), text);
    });

    for (const [method, rest] of [
      ['GET', '/events'],
      ['GET', '/result'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['DELETE', ''],
    ] as const) {
      it(`leaves ${method} ${rest || 'of the job'} to the owner, not to ${who}`, async () => {
        // To the master key, which owns nothing, some say 400.
        const { status } = await ask(keys[who], method, `${path}${rest}`);
        assert.ok([400, 404].includes(status), `${status}`);
      });
    }

    it(`answers ${who} 404 for a job that is not there`, async () => {
      assert.equal((await ask(keys[who], 'GET', '/v1/jobs/job_none')).status, 404);
    });
  }

  it('is not there for any other user', async () => {
    const stranger = await app.signUp();
    assert.equal((await stranger.request('GET', path)).status, 404);
  });

  it('is whole for its owner, and does not name them', async () => {
    const job = await owner.json<Inspected>('GET', path);
    assert.deepEqual([job.metadata, job.owner_id], [{ team: secret }, undefined]);
  });
});
