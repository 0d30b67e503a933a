import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { type BatchUpstream, startBatchUpstream } from '../helpers/batch-upstream.ts';
import { chatLine } from '../helpers/batches.ts';
import { chooseSeed, openStack, type RunningStack, seededRandom, until } from '../helpers/stack.ts';

const lines = 600;
const texts = 20_000;
const kills = 3;
/** Enough that a shard is under way for a while, so that kills find it half done. */
const delayMs = 25;
const endsWithinMs = 600_000;

describe('a worker that is killed in the middle of a batch', () => {
  let upstream: BatchUpstream;
  let running: RunningStack;
  let folder: string;
  let client: OpenAI;

  before(async () => {
    upstream = await startBatchUpstream({ delayMs });
    folder = await mkdtemp(join(tmpdir(), 'batch-kill-'));
    const provider = (model: string) => ({ type: 'openai', url: upstream.url, key: 'sk-test', model });
    const routers = [
      { name: 'chat', type: 'text-generation', providers: [provider('chat-test')] },
      { name: 'embed', type: 'text-embeddings-inference', providers: [provider('embed-test')] },
    ];
    const configuration = join(folder, 'switchyard.yaml');
    await writeFile(configuration, JSON.stringify({ routers }));
    running = await openStack('batch', 1, { SWITCHYARD_CONFIG: configuration });
    const { key } = await running.signUp();
    client = new OpenAI({ baseURL: `${running.stack.url}/v1`, apiKey: key, maxRetries: 5 });
  });
  after(async () => {
    await upstream.close();
    await running.stack.stop();
    await rm(folder, { recursive: true, force: true });
  });

  interface Counted {
    status: string;
    request_counts: { total: number; completed: number } | null;
  }

  const jobOf = (id: string) => client.get(`/jobs/${id}`) as Promise<Counted>;

  /** Kills at moments spread over the work by its own count; the last one is before the end. */
  async function killUntilEnded(id: string, random: () => number): Promise<Counted> {
    for (let killed = 0; killed < kills; killed += 1) {
      const share = (killed + random()) / (kills + 1);
      await until('the moment of a kill', endsWithinMs, async () => {
        const { status, request_counts: counts } = await jobOf(id);
        return (
          status === 'completed' || (counts !== null && counts.total > 0 && counts.completed >= share * counts.total)
        );
      });
      await running.stack.workers.find((worker) => worker.isRunning())?.kill();
      running.stack.addWorker();
    }
    await until('the end', endsWithinMs, async () => !['queued', 'in_progress'].includes((await jobOf(id)).status));
    return jobOf(id);
  }

  async function upload(text: string): Promise<string> {
    return (await client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(text), 'input.jsonl') })).id;
  }

  async function linesOf<Line>(fileId: string | null | undefined): Promise<Line[]> {
    if (fileId == null) return [];
    const text = await (await client.files.content(fileId)).text();
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  }

  it(`${kills} times has every line in one file once, bills each once, and calls no finished line again`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const ids = Array.from({ length: lines }, (_none, index) => `line-${index}`);
    const input_file_id = await upload(ids.map((id) => `${chatLine(id, 'chat')}\n`).join(''));
    const batch = await client.batches.create({
      input_file_id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const job = await killUntilEnded(batch.id.replace('batch_', 'job_'), seededRandom(seed));
    assert.equal(job.status, 'completed');
    const { output_file_id, error_file_id } = await client.batches.retrieve(batch.id);
    assert.equal(error_file_id, null);
    const output = await linesOf<{ custom_id: string }>(output_file_id);
    assert.deepEqual(
      output.map((line) => line.custom_id),
      ids,
    );

    const repeated = [...upstream.asked.values()].filter((count) => count > 1).length;
    t.diagnostic(`${repeated} of ${lines} lines were called again`);
    // What is in flight when a worker dies: four shards of eight lines, and what waits to be written.
    assert.ok(repeated <= kills * 4 * 8 * 2, `${repeated} lines were called again`);

    await until('every line to be billed', 60_000, async () => (await billed()).length >= lines);
    const units = await billed();
    assert.deepEqual([units.length, new Set(units).size], [lines, lines]);
  });

  /** The ids of the calls that the caller is billed for. */
  async function billed(): Promise<string[]> {
    const ids: string[] = [];
    for (let offset = 0; ; offset += 100) {
      const path = `/me/usage?limit=100&offset=${offset}&endpoint=${encodeURIComponent('/v1/chat/completions')}`;
      const { data } = (await client.get(path)) as { data: { request_id: string }[] };
      ids.push(...data.map(({ request_id }) => request_id));
      if (data.length < 100) return ids;
    }
  }

  it(`embeds ${texts} texts in order, none of a finished call again`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const all = Array.from({ length: texts }, (_none, index) => `text ${index}`);
    const input_file_id = await upload(
      all.map((text, index) => `${JSON.stringify({ id: String(index), text })}\n`).join(''),
    );
    const accepted = (await client.post('/embeddings/batches', {
      body: { input_file_id, model: 'embed', encoding_format: 'base64' },
      headers: { prefer: 'respond-async' },
    })) as { id: string };
    const job = await killUntilEnded(accepted.id, seededRandom(seed));
    assert.equal(job.status, 'completed');
    const result = (await client.get(`/jobs/${accepted.id}/result`)) as { output_file_id: string; error_file_id: null };
    assert.equal(result.error_file_id, null);
    const output = await linesOf<{ id: string; line: number }>(result.output_file_id);
    assert.deepEqual(
      output.map(({ id, line }) => [id, line]),
      all.map((_text, index) => [String(index), index + 1]),
    );
    const counts = all.map((text) => upstream.asked.get(text) ?? 0);
    assert.ok(counts.every((count) => count >= 1));
    const repeated = counts.filter((count) => count > 1).length;
    t.diagnostic(`${repeated} of ${texts} texts were embedded again`);
    // In flight when a worker dies: four shards, two calls of 64 texts each, and as much that waits to be written.
    assert.ok(repeated <= kills * 4 * 2 * 64 * 2, `${repeated} texts were embedded again`);
  });
});
