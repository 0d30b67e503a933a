import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { askedFor, chatLine } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerModel } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { chatCompletion } from '../../helpers/wire/openai.ts';

const model = 'billed';
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, endpoint: null, offset: 0, limit: 100 };

describe('a batch that is cancelled in the middle', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  before(async () => {
    upstream = await startFakeUpstream((asked) =>
      askedFor(asked) === 'slow' ? 'silence' : chatCompletion({ text: ['done'] }),
    );
    app = await startTestApp();
    await offerModel(app, { name: model, url: upstream.url });
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  it('is billed for the lines of its output and no others, as its usage says', async () => {
    const user = await app.signUp();
    const run = await beginBatch(app, user, [chatLine('quick', model), chatLine('slow', model)], ofChats);
    const cancelling = new AbortController();
    const running = app.verbs.runShard({ ...run, shard: 0 }, buildCall({ signal: cancelling.signal }));
    await waitFor('both lines to be called', async () => upstream.ledger.length === 2);
    await waitFor('one answer', async () => (await app.deps.batches.linesDone(user.userId, run.jobId, 0)).size === 1);
    cancelling.abort();
    await assert.rejects(running);
    await app.verbs.closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
    // Records are written in order: when this one is there, so are those of the batch.
    const body = { model, messages: [{ role: 'user', content: 'last' }] };
    await user.json('POST', '/v1/chat/completions', { body });
    const listed = async () => (await app.deps.usage.list(user.userId, everything)).records;
    await waitFor('the last record', async () => (await listed()).some(({ unit }) => unit === null));

    const { batch } = await jobOf(app, run);
    const billed = (await listed()).filter(({ unit }) => unit !== null);
    assert.deepEqual(
      billed.map(({ status, usage }) => [status, usage.promptTokens, usage.completionTokens]),
      [[200, batch?.usage.promptTokens, batch?.usage.completionTokens]],
    );
    assert.deepEqual(batch?.counts, { total: 2, completed: 1, failed: 1 });
  });
});
