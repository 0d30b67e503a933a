import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createVerbs } from '../../../src/activities/index.ts';
import type { BlobStore } from '../../../src/core/blob.ts';
import type { JobRun } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { acceptBatch, jobOf, ofChats, ofEmbeddings } from '../../helpers/batch-steps.ts';
import { chatLine } from '../../helpers/batches.ts';
import { buildCall } from '../../helpers/calls.ts';

const maxLines = 50_010;
const linesPerShard = 100;
/** Rows are written down when there are so many. */
const shardsPerWrite = 500;

describe('a file of lines that is looked through', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ config: { batches: { maxLines } } });
  });
  after(() => app.stop());
  beforeEach(async () => {
    user = await app.signUp();
  });

  const accept = (lines: readonly string[]) => acceptBatch(app, user, lines, ofChats);
  const shardsOf = ({ jobId }: JobRun) => app.deps.batches.countShards(user.userId, jobId);

  /** Inspects it, and counts the bytes that were read for that. */
  async function inspect(run: JobRun): Promise<number> {
    let bytes = 0;
    const read: BlobStore['read'] = async function* (...of) {
      for await (const piece of app.deps.blobs.read(...of)) {
        bytes += piece.byteLength;
        yield piece;
      }
    };
    const verbs = createVerbs({ ...app.deps, blobs: { ...app.deps.blobs, read } });
    await assert.rejects(verbs.inspectBatch(run, buildCall()), { code: 'invalid_request' });
    return bytes;
  }

  const faultsOf = async (run: JobRun) => (await jobOf(app, run)).batch?.faults ?? [];

  const goodLines = (count: number) =>
    Array.from({ length: count }, (_none, index) => chatLine(`line-${index}`, 'any'));

  it('has no shards behind its first fault', async () => {
    const run = await accept(['{}', ...goodLines(shardsPerWrite * linesPerShard)]);
    await inspect(run);
    assert.equal(await shardsOf(run), 0);
  });

  it('leaves no shards that were before its first fault when it has ended', async () => {
    const run = await accept([...goodLines(shardsPerWrite * linesPerShard + 1), '{}']);
    await inspect(run);
    assert.equal(await shardsOf(run), shardsPerWrite);
    await app.verbs.closeBatch({ ...run, outcome: 'failed', error: null }, buildCall());
    assert.equal(await shardsOf(run), 0);
  });

  it('is read no further than to the last fault that is told', async () => {
    const lines = Array.from({ length: 2_000_000 }, () => '1');
    const run = await accept(lines);
    const bytes = await inspect(run);
    assert.equal((await faultsOf(run)).length, 100);
    assert.ok(bytes < lines.length, `${bytes} bytes were read`);
  });

  /** Lines that have so many texts to embed, of 2,000 at most. */
  function embedLines(inputs: number): string[] {
    const lines = Array.from({ length: Math.ceil(inputs / 2_000) }, (_none, index) => {
      const input = Array.from({ length: Math.min(2_000, inputs - index * 2_000) }, () => 'a');
      const body = { model: 'any', input };
      return JSON.stringify({ custom_id: `line-${index}`, method: 'POST', url: '/v1/embeddings', body });
    });
    return lines;
  }

  it('may have 50,000 texts to embed, and not one more', async () => {
    const run = await acceptBatch(app, user, embedLines(50_000), ofEmbeddings);
    assert.deepEqual(await app.verbs.inspectBatch(run, buildCall()), { shards: 1 });
    const refused = await acceptBatch(app, user, embedLines(50_001), ofEmbeddings);
    await inspect(refused);
    assert.deepEqual(
      (await faultsOf(refused)).map(({ code, line, param }) => [code, line, param]),
      [['too_many_inputs', 26, 'body.input']],
    );
  });

  it('is read no further than to the first line too many', async () => {
    const run = await accept([...goodLines(maxLines + 1), 'x'.repeat(4_000_000)]);
    const bytes = await inspect(run);
    assert.deepEqual(
      (await faultsOf(run)).map(({ code, line }) => [code, line]),
      [['too_many_requests', maxLines + 1]],
    );
    const { batch } = await jobOf(app, run);
    assert.ok(bytes < (batch?.input.bytes ?? 0) - 2_000_000, `${bytes} bytes were read`);
  });
});
