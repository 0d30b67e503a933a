import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { beginBatch, jobOf, ofEmbeddings } from '../../helpers/batch-steps.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type Asked, type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { offerRouter } from '../../helpers/offered-model.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { embeddings } from '../../helpers/wire/openai.ts';

const model = 'embedder';
/** There is room for the vectors of two such lines, and not of three. */
const heavy = 700;

describe('lines of batches in one process', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  let release: (() => void)[];
  before(async () => {
    release = [];
    upstream = await startFakeUpstream((asked) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      release.push(resolve);
      const answer = embeddings(textsIn(asked).map(() => [1]));
      return { ...answer, body: [{ until: promise }, ...(answer.body ?? [])] };
    });
    app = await startTestApp();
    await offerRouter(app, model, [{ url: upstream.url }], 'text-embeddings-inference');
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  const textsIn = ({ json }: Asked) => (json as { input: string[] }).input;
  const underWay = () => upstream.ledger.filter(({ answered }) => !answered).length;

  function lineOf(name: string, texts: number): string {
    const body = { model, input: Array.from({ length: texts }, () => 'a') };
    return JSON.stringify({ custom_id: name, method: 'POST', url: '/v1/embeddings', body });
  }

  /** Runs a batch of such lines, with an answer whenever `full` of them are under way. Answers how many there ever were. */
  async function mostUnderWay(lines: readonly string[], full: number): Promise<number> {
    upstream.reset();
    release = [];
    const user = await app.signUp();
    const run = await beginBatch(app, user, lines, ofEmbeddings);
    const running = app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));
    let most = 0;
    for (let answers = 0; answers < lines.length; answers += 1) {
      const wanted = Math.min(full, lines.length - answers);
      await waitFor('calls to be under way', async () => underWay() >= wanted);
      most = Math.max(most, underWay());
      release[answers]?.();
      await waitFor('one of them to be answered', async () => upstream.ledger[answers]?.answered === true);
    }
    await running;
    assert.equal((await jobOf(app, run)).batch?.counts.completed, lines.length);
    return most;
  }

  it('wait for each other when their answers would be large', async () => {
    const lines = Array.from({ length: 6 }, (_none, index) => lineOf(`line-${index}`, heavy));
    assert.equal(await mostUnderWay(lines, 2), 2);
  });

  it('run side by side when they are small', async () => {
    const lines = Array.from({ length: 6 }, (_none, index) => lineOf(`line-${index}`, 1));
    assert.equal(await mostUnderWay(lines, 6), 6);
  });
});
