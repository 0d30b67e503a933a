import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Job } from '../../examples/demo/client.ts';
import { chooseSeed, openStack, type RunningStack, seededRandom, until } from '../helpers/stack.ts';

const documents = join(import.meta.dirname, '../../examples/documents');
const kills = 20;
const ingestTimeoutMs = 900_000;
/** Of the time an undisturbed ingestion takes: the moments of death spread over it. */
const longestPauseShare = 0.15;

interface Outcome {
  job: Job;
  chunks: number;
}

describe('a worker that is killed', () => {
  let running: RunningStack;
  before(async () => {
    running = await openStack('worker', 2);
  });
  after(() => running.stack.stop());

  /** Submits every example for a new user, who shares no cached embedding with anybody. */
  async function ingestAll(label: string) {
    const client = await running.signUp();
    const { id: collection } = await client.createCollection(label);
    const names = (await readdir(documents)).toSorted();
    const jobs = await Promise.all(
      names.map((name) => client.submitDocument(collection, join(documents, name), `${label}-${name}`)),
    );
    let done = false;
    const outcomes = (async () => {
      const results: Record<string, Outcome> = {};
      await until('all documents ingested', ingestTimeoutMs, async () => {
        for (const [index, name] of names.entries()) {
          if (results[name]) continue;
          const job = await client.getJob(jobs[index]?.id ?? '');
          if (['queued', 'in_progress', 'cancelling'].includes(job.status)) continue;
          assert.equal(job.status, 'completed', `${name}: ${JSON.stringify(job.error)}`);
          results[name] = { job, chunks: await client.countChunks(job.result?.body.id ?? 0) };
        }
        return Object.keys(results).length === names.length;
      });
      done = true;
      return results;
    })();
    return { outcomes, isDone: () => done };
  }

  it(`${kills} times at random moments loses no document, doubles no chunk and embeds no finished batch again`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const random = seededRandom(seed);

    const startedAt = Date.now();
    const undisturbed = await (await ingestAll('undisturbed')).outcomes;
    const undisturbedMs = Date.now() - startedAt;

    const firstLine = running.lines.length;
    const disturbed = [await ingestAll('disturbed-0')];
    for (let killed = 0; killed < kills; killed += 1) {
      // Documents that are quicker than the killer are followed by the same once more.
      if (disturbed.at(-1)?.isDone()) disturbed.push(await ingestAll(`disturbed-${disturbed.length}`));
      const pauseMs = random() * longestPauseShare * undisturbedMs;
      await Promise.race([disturbed.at(-1)?.outcomes, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
      const workers = running.stack.workers.filter((worker) => worker.isRunning());
      await workers[Math.floor(random() * workers.length)]?.kill();
      running.stack.addWorker();
    }
    t.diagnostic(`${kills} kills over ${disturbed.length} ingestions`);
    for (const { outcomes } of disturbed) {
      const after = await outcomes;
      for (const [name, { chunks }] of Object.entries(undisturbed)) assert.equal(after[name]?.chunks, chunks, name);
    }
    assertNothingEmbeddedTwice(running.lines.slice(firstLine));
  });
});

/** After a batch was reported as indexed, no line may say that some of it was embedded. */
function assertNothingEmbeddedTwice(lines: readonly Record<string, unknown>[]): void {
  const finished = new Set<string>();
  for (const line of lines) {
    const batch = `${String(line['documentId'])}:${String(line['version'])}:${String(line['batch'])}`;
    if (line['msg'] === 'batch indexed') finished.add(batch);
    if (line['msg'] === 'batch embedded' && Number(line['embeddedTokens']) > 0) {
      assert.ok(!finished.has(batch), `batch ${batch} was embedded again after it was finished`);
    }
  }
  assert.ok(finished.size > 0, 'the log says nothing about batches');
}
