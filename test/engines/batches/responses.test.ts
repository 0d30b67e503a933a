import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import OpenAI from 'openai';
import { createVerbs } from '../../../src/activities/index.ts';
import type { JobRun } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofResponses } from '../../helpers/batch-steps.ts';
import { linesIn } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { failure, speaksOpenAi } from '../../helpers/wire/openai.ts';

const model = 'speaker';

interface Line {
  custom_id: string;
  response: { status_code: number; body: { id: string } };
}

describe('a batch of responses', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let user: TestCaller;
  let client: OpenAI;

  before(async () => {
    upstream = await startFakeUpstream(speaksOpenAi());
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    upstream.reset();
    user = await app.signUp();
    client = new OpenAI({ apiKey: user.key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });

  function lineOf(custom_id: string, more: object = {}): string {
    return JSON.stringify({ custom_id, method: 'POST', url: '/v1/responses', body: { model, input: 'Hi', ...more } });
  }

  const begin = (...lines: readonly string[]) => beginBatch(app, user, lines, ofResponses);
  const runShard = (run: JobRun) => app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));

  /** Calls the lines as a worker does that dies before it has kept what they answered. */
  async function runAndDie(run: JobRun): Promise<void> {
    const { batches } = app.deps;
    const put = () => Promise.reject(new Error('the worker died'));
    const verbs = createVerbs({ ...app.deps, batches: { ...batches, put } });
    await assert.rejects(verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true })), /died/);
  }

  async function outputOf(run: JobRun): Promise<Line[]> {
    await app.verbs.finishBatch(run, buildCall());
    return linesIn<Line>(app, user, (await jobOf(app, run)).batch?.outputFileId);
  }

  it('stores an answer under an id of its own for each line', async () => {
    const run = await begin(lineOf('a'), lineOf('b'));
    await runShard(run);
    const ids = (await outputOf(run)).map(({ response }) => response.body.id);
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.equal((await client.responses.retrieve(id)).id, id);
  });

  it('stores an answer once, and asks for it once, if its worker dies before it is kept', async () => {
    const conversation = await client.conversations.create();
    const run = await begin(lineOf('a', { conversation: conversation.id }));
    await runAndDie(run);
    assert.equal(upstream.ledger.length, 1);
    await runShard(run);
    assert.equal(upstream.ledger.length, 1);
    const items = await client.conversations.items.list(conversation.id);
    assert.equal(items.data.length, 2);
    const [line] = await outputOf(run);
    assert.equal((await client.responses.retrieve(line?.response.body.id ?? '')).output_text, 'Hello there.');
  });

  it('asks again for what failed, and keeps the answer', async () => {
    upstream.next(failure(500, 'broken'));
    const run = await begin(lineOf('a'));
    await runShard(run);
    const [line] = await outputOf(run);
    assert.equal(line?.response.status_code, 200);
  });
});
