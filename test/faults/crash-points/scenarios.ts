/** What callers do, such that every crash point is passed; each asserts that its own work is done once and whole. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../helpers/stack.ts';
import { type Caller, hooks, models, type World } from './world.ts';

const letter = join(import.meta.dirname, '../../../examples/documents/letter.eml');
const endTimeoutMs = 150_000;

/** `key` is new for each run of a scenario. */
export type Scenario = (world: World, caller: Caller, key: string) => Promise<void>;

interface JobView {
  id: string;
  status: string;
  result_url: string | null;
  error: { code: string } | null;
}

const chat = { model: models.speaks, messages: [{ role: 'user', content: 'Say hello, and say it at some length.' }] };

async function submit(caller: Caller, path: string, body: object, key: string): Promise<string> {
  const headers = { prefer: 'respond-async', 'idempotency-key': key };
  const { status, body: job } = await caller.send('POST', path, { body, headers });
  assert.equal(status, 202, JSON.stringify(job));
  return (job as JobView).id;
}

async function getJob(caller: Caller, id: string): Promise<JobView> {
  const { status, body } = await caller.send('GET', `/v1/jobs/${id}`);
  assert.equal(status, 200, `job ${id} was accepted and is not there`);
  return body as JobView;
}

/** Waits for the end, and reads the log of the job to make sure that there is only one. */
async function ended(world: World, caller: Caller, id: string, status: string): Promise<JobView> {
  let job: JobView | null = null;
  await until(`job ${id} to end`, endTimeoutMs, async () => {
    job = await getJob(caller, id);
    return ['completed', 'failed', 'cancelled', 'expired'].includes(job.status);
  });
  assert.ok(job);
  const view: JobView = job;
  assert.equal(view.status, status, JSON.stringify(view));
  const events = await world.database.collection('job_events').find({ jobId: id }).sort({ sequence: 1 }).toArray();
  assert.deepEqual(
    events.map((event) => event['sequence']),
    events.map((_, index) => index + 2),
    'the log has a gap',
  );
  const ends = events.filter(
    ({ type }) => /completed|failed$|cancelled|expired/.test(type) && type !== 'job.attempt_failed',
  );
  assert.deepEqual(
    ends.map((event) => event['type']),
    [`job.${status}`],
  );
  assert.equal(events.at(-1)?.['type'], `job.${status}`, 'something was said after the end');
  return view;
}

async function jobsWithKey(caller: Caller, key: string): Promise<string[]> {
  const { body } = await caller.send('GET', `/v1/jobs?idempotency_key=${key}`);
  return (body as { data: JobView[] }).data.map(({ id }) => id);
}

/** Of the files that a job keeps, those that are the wrong ones or are not whole. */
async function files(world: World, reference: string): Promise<number> {
  return world.database.collection('blobs.files').countDocuments({ 'metadata.references': reference });
}

/** Exactly one row is billed, once the spools of the dead are read. */
async function billedOnce(world: World, caller: Caller, endpoint: string): Promise<void> {
  const usage = world.database.collection('usage');
  const billed = { ownerId: caller.userId, endpoint, isBilled: true };
  await until(`a usage record of ${endpoint}`, endTimeoutMs, async () => (await usage.countDocuments(billed)) > 0);
  const rows = await usage.find(billed).toArray();
  assert.equal(rows.length, 1, `billed ${rows.length} times: ${JSON.stringify(rows)}`);
}

const call: Scenario = async (world, caller, key) => {
  const id = await submit(caller, '/v1/chat/completions', chat, key);
  assert.equal(await submit(caller, '/v1/chat/completions', chat, key), id, 'the same key made another job');
  await ended(world, caller, id, 'completed');
  assert.deepEqual(await jobsWithKey(caller, key), [id]);
  const { status, body } = await caller.send('GET', `/v1/jobs/${id}/result`);
  assert.equal(status, 200);
  const said = (body as { choices: { message: { content: string } }[] }).choices[0]?.message.content;
  assert.equal(said, 'Hello there.');
  await billedOnce(world, caller, '/v1/chat/completions');
};

const stream: Scenario = async (world, caller, key) => {
  const id = await submit(caller, '/v1/chat/completions', { ...chat, stream: true }, key);
  await ended(world, caller, id, 'completed');
  const outputs = await world.database.collection('job_events').find({ jobId: id, type: 'job.output' }).toArray();
  const lastRun = Math.max(...outputs.map(({ data }) => data.run));
  const last = outputs.filter(({ data }) => data.run === lastRun).toSorted((a, b) => a['sequence'] - b['sequence']);
  assert.equal(last.map(({ data }) => data.delta).join(''), 'Hello there.');
  await billedOnce(world, caller, '/v1/chat/completions');
};

const refused: Scenario = async (world, caller, key) => {
  const id = await submit(caller, '/v1/chat/completions', { ...chat, model: models.refuses }, key);
  const { error } = await ended(world, caller, id, 'failed');
  assert.ok(error);
};

/** Jobs that wait and jobs that run are cancelled in two ways. */
const cancelled: Scenario = async (world, caller, key) => {
  const body = { ...chat, model: models.hangs };
  const queued = await submit(caller, '/v1/chat/completions', body, `${key}-queued`);
  const running = await submit(caller, '/v1/chat/completions', body, `${key}-running`);
  await caller.send('POST', `/v1/jobs/${queued}/cancel`);
  await until(`job ${running} to run`, endTimeoutMs, async () => (await getJob(caller, running)).status !== 'queued');
  await caller.send('POST', `/v1/jobs/${running}/cancel`);
  await ended(world, caller, queued, 'cancelled');
  await ended(world, caller, running, 'cancelled');
};

const removed: Scenario = async (world, caller, key) => {
  const id = await submit(caller, '/v1/chat/completions', chat, key);
  await ended(world, caller, id, 'completed');
  const { status } = await caller.send('DELETE', `/v1/jobs/${id}`);
  assert.ok([200, 204, 404].includes(status), `deletion answered ${status}`);
  assert.equal((await caller.send('GET', `/v1/jobs/${id}`)).status, 404);
  assert.equal(await world.database.collection('job_events').countDocuments({ jobId: id }), 0);
  assert.equal((await files(world, `job:${id}`)) + (await files(world, `job:${id}:result`)), 0);
};

/** Time passes for one job: its result goes, then all of it. */
const outdated: Scenario = async (world, caller, key) => {
  const id = await submit(caller, '/v1/chat/completions', chat, key);
  await ended(world, caller, id, 'completed');
  const jobs = world.database.collection<{ _id: string }>('jobs');
  await jobs.updateOne({ _id: id }, { $set: { expiresAt: 1 } });
  await until(`the result of job ${id} to go`, endTimeoutMs, async () => {
    return (await caller.send('GET', `/v1/jobs/${id}/result`)).status === 410;
  });
  assert.equal(await files(world, `job:${id}:result`), 0);
  await jobs.updateOne({ _id: id }, { $set: { completedAt: 1 } });
  await until(`job ${id} to go`, endTimeoutMs, async () => (await jobs.countDocuments({ _id: id })) === 0);
  assert.equal(await files(world, `job:${id}`), 0);
};

async function ingest(world: World, caller: Caller, key: string): Promise<{ collection: number; document: number }> {
  const made = await caller.send('POST', '/v1/collections', { body: { name: key } });
  const collection = (made.body as { id: number }).id;
  const form = new FormData();
  form.set('collection_id', String(collection));
  form.set('chunk_size', '300');
  form.set('file', new Blob([await readFile(letter)]), 'letter.eml');
  const headers = { prefer: 'respond-async', 'idempotency-key': key };
  const accepted = await caller.send('POST', '/v1/documents', { body: form, headers });
  assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
  const { id } = accepted.body as JobView;
  await ended(world, caller, id, 'completed');
  const { body } = await caller.send('GET', `/v1/documents?collection_id=${collection}`);
  const documents = (body as { data: { id: number; status: string; chunks: number }[] }).data;
  assert.equal(documents.length, 1, 'one document per job');
  const [document] = documents;
  assert.ok(document);
  assert.equal(document.status, 'completed');
  return { collection, document: document.id };
}

/** The chunks that a search finds are those that are stored, once each. */
async function chunksAreWhole(caller: Caller, collection: number, document: number): Promise<void> {
  const listed = await caller.send('GET', `/v1/documents/${document}/chunks?limit=100`);
  const ids = (listed.body as { data: { id: number }[] }).data.map(({ id }) => id);
  assert.ok(ids.length > 1);
  assert.equal(new Set(ids).size, ids.length, 'a chunk is doubled');
  const search = { collection_ids: [collection], query: 'the', method: 'semantic', limit: 100 };
  const { body } = await caller.send('POST', '/v1/search', { body: search });
  const found = (body as { data: { chunk: { id: number } }[] }).data.map(({ chunk }) => chunk.id);
  assert.deepEqual(found.toSorted(byNumber), ids.toSorted(byNumber), 'the index is not what is stored');
}

const byNumber = (a: number, b: number) => a - b;

const document: Scenario = async (world, caller, key) => {
  const { collection, document } = await ingest(world, caller, key);
  await chunksAreWhole(caller, collection, document);
};

const chunks: Scenario = async (world, caller, key) => {
  const { collection, document } = await ingest(world, caller, key);
  const body = { chunks: [{ content: 'One more chunk.' }, { content: 'And one after it.' }] };
  const id = await submit(caller, `/v1/documents/${document}/chunks`, body, `${key}-chunks`);
  await ended(world, caller, id, 'completed');
  await chunksAreWhole(caller, collection, document);
};

const deletedDocument: Scenario = async (world, caller, key) => {
  const { collection, document } = await ingest(world, caller, key);
  const { status } = await caller.send('DELETE', `/v1/documents/${document}`);
  assert.ok([200, 204, 404].includes(status), `deletion answered ${status}`);
  assert.equal((await caller.send('GET', `/v1/documents/${document}`)).status, 404);
  await until(`document ${document} to leave nothing`, endTimeoutMs, async () => {
    const stored = await world.database.collection('chunk_batches').countDocuments({ documentId: document });
    return stored + (await files(world, `document:${document}`)) === 0;
  });
  const search = { collection_ids: [collection], query: 'the', method: 'semantic', limit: 10 };
  const { body } = await caller.send('POST', '/v1/search', { body: search });
  assert.deepEqual((body as { data: unknown[] }).data, []);
};

/** Longer than what is kept in its record. */
const response: Scenario = async (world, caller) => {
  const body = { model: models.speaks, input: 'Say hello.', store: true };
  const { status, body: answer } = await caller.send('POST', '/v1/responses', { body });
  assert.equal(status, 200, JSON.stringify(answer));
  const { id } = answer as { id: string };
  assert.equal((await caller.send('GET', `/v1/responses/${id}`)).status, 200);
  await caller.send('DELETE', `/v1/responses/${id}`);
  assert.equal((await caller.send('GET', `/v1/responses/${id}`)).status, 404);
  assert.equal(
    await world.database.collection('responses').countDocuments({ ownerId: caller.userId, _id: { $eq: id as never } }),
    0,
  );
};

/** What a job's URL is told arrives, once more at most for each death between sending and writing down. */
const told: Scenario = async (world, caller, key) => {
  const path = `${hooks}${key}`;
  const events = ['job.queued', 'job.completed'];
  const webhook = { url: new URL(path, world.upstream.url).href, events };
  const wanted = { endpoint: '/v1/chat/completions', body: chat, webhook };
  const { status, body } = await caller.send('POST', '/v1/jobs', { body: wanted, headers: { 'idempotency-key': key } });
  assert.equal(status, 202, JSON.stringify(body));
  const { id } = body as JobView;
  await ended(world, caller, id, 'completed');
  const idsOf = (event: string) =>
    world.upstream.ledger.flatMap((asked) =>
      asked.path === path && (asked.json as { type: string }).type === event ? asked.headers['webhook-id'] : [],
    );
  await until(`the end of job ${id} to be told`, endTimeoutMs, async () => {
    const { webhook } = (await getJob(caller, id)) as JobView & { webhook: { status: string } };
    // Its end waits for the first try of what came before, not for its arrival.
    return webhook.status === 'delivered' && events.every((event) => idsOf(event).length > 0);
  });
  for (const event of events) {
    const ids = idsOf(event);
    assert.equal(new Set(ids).size, 1, `${event} has ${new Set(ids).size} ids`);
    assert.ok(ids.length <= 1 + world.deaths(), `${event} was told ${ids.length} times`);
  }
};

/** Every line is in exactly one of the two files, and the files go when they are deleted. */
const batch: Scenario = async (world, caller, key) => {
  const line = (id: string, model: string) => {
    const call = { custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { ...chat, model } };
    return `${JSON.stringify(call)}\n`;
  };
  const wanted = ['a', 'b', 'c'];
  const form = new FormData();
  form.set('purpose', 'batch');
  const lines = [...wanted.map((id) => line(id, models.speaks)), line('refused', models.refuses)];
  form.set('file', new Blob(lines), 'lines.jsonl');
  const uploaded = await caller.send('POST', '/v1/files', { body: form });
  assert.equal(uploaded.status, 200, JSON.stringify(uploaded.body));
  const { id: input_file_id } = uploaded.body as { id: string };
  const body = { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const made = await caller.send('POST', '/v1/batches', { body, headers: { 'idempotency-key': key } });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  const { id } = made.body as { id: string };
  let view: { status: string; output_file_id: string | null; error_file_id: string | null } | null = null;
  await until(`batch ${id} to end`, endTimeoutMs, async () => {
    view = (await caller.send('GET', `/v1/batches/${id}`)).body as typeof view;
    return view?.status === 'completed' || view?.status === 'failed';
  });
  const { output_file_id, error_file_id } = view ?? { output_file_id: null, error_file_id: null };
  assert.deepEqual((await customIds(caller, output_file_id)).toSorted(), wanted);
  assert.deepEqual(await customIds(caller, error_file_id), ['refused']);
  const rows = world.database.collection('batch_lines');
  const jobId = id.replace('batch_', 'job_');
  await until(`the rows of batch ${id} to go`, endTimeoutMs, async () => (await rows.countDocuments({ jobId })) === 0);
  for (const file of [input_file_id, output_file_id, error_file_id]) {
    await caller.send('DELETE', `/v1/files/${file}`);
    assert.equal((await caller.send('GET', `/v1/files/${file}`)).status, 404);
  }
};

async function customIds(caller: Caller, file: string | null): Promise<string[]> {
  const { status, body } = await caller.send('GET', `/v1/files/${file}/content`);
  assert.equal(status, 200, JSON.stringify(body));
  // A file of one line reads as JSON.
  const lines = (typeof body === 'string' ? body.trim() : JSON.stringify(body)).split('\n');
  return lines.map((text) => (JSON.parse(text) as { custom_id: string }).custom_id);
}

/** Area or name of a crash point -> who passes it. The longest that fits counts. */
const scenarios: Readonly<Record<string, Scenario>> = {
  submit: call,
  dispatch: call,
  begin: call,
  call,
  'call.failed.before_record': refused,
  result: call,
  event: call,
  output: stream,
  fail: refused,
  cancel: cancelled,
  settle: refused,
  delete: removed,
  purge: outdated,
  blob: call,
  'blob.file_removed.before_chunks': removed,
  usage: call,
  webhook: told,
  admission: document,
  extract: document,
  split: document,
  embed: document,
  index: document,
  publish: document,
  chunks,
  deletion: deletedDocument,
  response,
  batch,
  file: batch,
};

/** Throws for a point that nobody passes. */
export function scenarioFor(name: string): Scenario {
  const [area = ''] = name.split('.');
  const scenario = scenarios[name] ?? scenarios[area];
  assert.ok(scenario, `no scenario passes crash point ${name}: name one in test/faults/crash-points/scenarios.ts`);
  return scenario;
}
