import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofChats } from '../../helpers/batch-steps.ts';
import { chatLine } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type Answer, type Respond, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerRouter } from '../../helpers/offered-model.ts';
import { chatCompletion, embeddings, failure } from '../../helpers/wire/openai.ts';

/** The time that a call waits by itself for a provider is shorter. */
const longPauseMs = 11_000;
const names = ['a', 'b', 'c', 'd'];
const answer = chatCompletion({ text: ['done'] });
const slow: Answer = { ...answer, body: [{ afterMs: longPauseMs }, ...(answer.body ?? [])] };
const vectors = embeddings(names.map(() => [1, 0]));

function refused(retryAfterMs: number): Answer {
  const { headers, ...rest } = failure(429, 'slow down');
  return { ...rest, headers: { ...headers, 'retry-after-ms': String(retryAfterMs) } };
}

/** What the first so many are told, and everybody after them. */
function first(count: number, told: Answer, then: Answer): Respond {
  let asked = 0;
  return () => {
    asked += 1;
    return asked <= count ? told : then;
  };
}

// Side by side: each of them waits for most of the time.
describe('a batch whose provider takes no calls for a while', { concurrency: true }, () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  /** As its workflow does: a shard with lines that were turned away comes again. */
  async function runShard(run: Awaited<ReturnType<typeof beginBatch>>): Promise<void> {
    while ((await runShardOnce(run)).againAfterMs !== null);
  }

  function runShardOnce(run: Awaited<ReturnType<typeof beginBatch>>) {
    return app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));
  }

  /** The batch's counts when its one shard has been run. */
  async function countsOf(model: string, respond: Respond, qosLimit: number | null, of: 'chats' | 'texts') {
    const upstream = await startFakeUpstream(respond);
    const type = of === 'chats' ? 'text-generation' : 'text-embeddings-inference';
    try {
      await offerRouter(app, model, [{ url: upstream.url, qosLimit }], type);
      const user = await app.signUp();
      const run =
        of === 'chats'
          ? await beginBatch(
              app,
              user,
              names.map((name) => chatLine(name, model)),
              ofChats,
            )
          : await beginBatch(
              app,
              user,
              names.map((name) => JSON.stringify(name)),
              ['/v1/embeddings/batches', { model }],
            );
      await runShard(run);
      await app.verbs.finishBatch(run, buildCall());
      const { status, batch } = await jobOf(app, run);
      assert.equal(status, 'completed');
      return batch?.counts;
    } finally {
      await upstream.close();
    }
  }

  const all = { total: names.length, completed: names.length, failed: 0 };

  it('and asks for that waits for as long as it was asked to', async () => {
    assert.deepEqual(await countsOf('asking', first(1, refused(longPauseMs), answer), null, 'chats'), all);
  });

  it('and is down waits until it is back', async () => {
    assert.deepEqual(await countsOf('down', first(7, failure(503, 'down'), answer), null, 'chats'), all);
  });

  it('and is busy with other calls waits until there is room', async () => {
    assert.deepEqual(await countsOf('busy', first(1, slow, answer), 1, 'chats'), all);
  });

  it('calls the other lines meanwhile, and says what it waits for', async () => {
    const upstream = await startFakeUpstream(() => answer);
    try {
      await offerRouter(app, 'open', [{ url: upstream.url }], 'text-generation');
      await offerRouter(app, 'closed', [{ url: upstream.url, qosLimit: 0 }], 'text-generation');
      const user = await app.signUp();
      const lines = [...names.map((name) => chatLine(`closed ${name}`, 'closed')), chatLine('last', 'open')];
      const run = await beginBatch(app, user, lines, ofChats);
      for (let passes = 0; passes < 2; passes += 1) {
        const { againAfterMs } = await runShardOnce(run);
        assert.ok(againAfterMs !== null && againAfterMs > 0);
      }
      const { batch, lastError } = await jobOf(app, run);
      assert.deepEqual(batch?.counts, { total: lines.length, completed: 1, failed: 0 });
      assert.equal(lastError?.code, 'overloaded');
      const events = await app.deps.jobs.events(run.ownerId, { id: run.jobId, createdAt: 0 }, 0, 100);
      assert.equal(events.filter(({ type }) => type === 'job.attempt_failed').length, 1);
    } finally {
      await upstream.close();
    }
  });

  it('is not waited for in the slot of a worker when its lines come again', async () => {
    const upstream = await startFakeUpstream(failure(503, 'down'));
    try {
      await offerRouter(app, 'always down', [{ url: upstream.url }], 'text-generation');
      const run = await beginBatch(app, await app.signUp(), [chatLine('a', 'always down')], ofChats);
      const call = buildCall({ inBackground: true });
      const { againAfterMs } = await app.verbs.runShard({ ...run, shard: 0, isAgain: true }, call);
      assert.ok(againAfterMs !== null);
      // As often as one call tries: with patience, more follow.
      assert.equal(upstream.ledger.length, 3);
    } finally {
      await upstream.close();
    }
  });

  it('loses no texts that it was to embed', async () => {
    assert.deepEqual(await countsOf('texts', first(1, refused(longPauseMs), vectors), null, 'texts'), all);
  });
});
