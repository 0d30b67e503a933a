/**
 * `npm run demo [-- --dir FOLDER]`: documents go in as durable jobs, a worker is killed in the middle, every document
 * comes out complete, and three kinds of search find what is in them. Exits 0 only if all of that was so.
 */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runMain } from '../engines/launcher-error.ts';
import { createProgress } from '../engines/progress.ts';
import { type Stack, startStack } from '../engines/stack.ts';
import { createBoard } from './demo/board.ts';
import { type Client, createClient, type Hit, type Method } from './demo/client.ts';
import { placeOf, plantedQuestions, type Question } from './demo/questions.ts';

const ownDocuments = join(import.meta.dirname, 'documents');
const methods: readonly Method[] = ['lexical', 'semantic', 'hybrid'];
/** The worker dies when the jobs together have come this far. */
const killAtPercent = 35;
const timeoutMs = 10 * 60_000;
const topHits = 3;
/** Every planted fact must be among the first five of some method, and hybrid must find as many as the better leg. */
const searchedHits = 5;

interface Ingested {
  name: string;
  jobId: string;
  documentId: number;
}

const say = (line = '') => process.stdout.write(`${line}\n`);

await runMain(async () => {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const dir = resolve(values.dir ?? ownDocuments);
  const files = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.length === 0) throw new Error(`There are no files in ${dir}.`);

  const progress = createProgress();
  const stack = await startStack({ name: 'demo', workers: 2, progress, elasticsearchCompiler: 'quick' });
  const interrupted = () => void stack.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const client = await signUp(stack);
    const { id: collection } = await client.createCollection('demo');
    const documents = await ingest(stack, client, collection, dir, files.toSorted());
    await verifyComplete(client, documents);
    const questions = values.dir
      ? files.slice(0, 5).map((name) => ({ query: name.replace(/[-_.]|\.\w+$/g, ' '), expected: null }))
      : await plantedQuestions(join(import.meta.dirname, 'questions.json'));
    await ask(client, collection, documents, questions);
    say('\nAll of the above was checked: no document lost, every chunk there once, every planted fact found.');
  } finally {
    await stack.stop();
  }
});

async function signUp(stack: Stack): Promise<Client> {
  const admin = createClient(stack.url, stack.masterKey);
  const { id } = await admin.createUser('demo@example.com', `demo-${stack.masterKey.slice(-16)}`);
  const { token } = await admin.createKeyFor(id);
  say(`\nThe API answers at ${stack.url} (its documentation at ${stack.url}/docs). User ${id} has a key.`);
  return createClient(stack.url, token);
}

/** Submits everything, kills a worker on the way, and waits for all jobs to end. */
async function ingest(stack: Stack, client: Client, collection: number, dir: string, files: readonly string[]) {
  say(`\nSubmitting ${files.length} documents as jobs:`);
  const jobs = await Promise.all(
    files.map(async (name) => ({
      name,
      job: await client.submitDocument(collection, join(dir, name), `demo-${name}`),
    })),
  );
  const board = createBoard();
  const givesUpAt = Date.now() + timeoutMs;
  let killed = false;
  for (;;) {
    for (const row of jobs) {
      if (!isTerminal(row.job.status)) row.job = await client.getJob(row.job.id);
    }
    board.draw(jobs);
    if (jobs.every(({ job }) => isTerminal(job.status))) break;
    const percent = jobs.reduce((sum, { job }) => sum + (job.progress?.percent ?? 0), 0) / jobs.length;
    if (!killed && percent >= killAtPercent) {
      killed = true;
      board.release();
      await killWorker(stack, percent);
    }
    if (Date.now() > givesUpAt) throw new Error(`The jobs did not end within ${timeoutMs / 60_000} minutes.`);
    await delay(250);
  }
  if (!killed && dir === ownDocuments) throw new Error('The jobs ended before a worker could be killed.');
  if (!killed) say('The jobs ended before a worker could be killed: there was too little to do.');
  const failed = jobs.filter(({ job }) => job.status !== 'completed');
  for (const { name, job } of failed) say(`  ${name}: ${job.status}, ${job.error?.message ?? 'no error'}`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${jobs.length} jobs did not complete.`);
  return jobs.map(({ name, job }) => ({ name, jobId: job.id, documentId: job.result?.body.id ?? 0 }));
}

async function killWorker(stack: Stack, percent: number): Promise<void> {
  const victim = stack.workers[0];
  if (!victim) throw new Error('there is no worker to kill');
  await victim.kill();
  say(`\n  ✗ worker ${victim.child.pid} was killed with SIGKILL at ${Math.round(percent)} %; a new one starts.\n`);
  stack.addWorker();
}

async function verifyComplete(client: Client, documents: readonly Ingested[]): Promise<void> {
  say('\nEvery document is complete:');
  for (const { name, documentId } of documents) {
    const { status, chunks, provenance } = await client.getDocument(documentId);
    const stored = await client.countChunks(documentId);
    if (status !== 'completed' || chunks === 0 || stored !== chunks) {
      throw new Error(`${name} is ${status} with ${stored} of ${chunks} chunks.`);
    }
    const recognised = provenance.filter(({ method }) => method === 'ocr' || method === 'mixed');
    const mean = recognised.reduce((sum, part) => sum + (part.confidence ?? 0), 0) / recognised.length;
    const ocr = recognised.length === 0 ? '' : `, ${recognised.length} by OCR (confidence ${mean.toFixed(2)})`;
    say(`  ${name.padEnd(28)} ${String(provenance.length).padStart(3)} parts${ocr}, ${chunks} chunks`);
  }
}

/** Asks every question in three ways and checks the answers that are known. */
async function ask(
  client: Client,
  collection: number,
  documents: readonly Ingested[],
  questions: readonly Question[],
): Promise<void> {
  const names = new Map(documents.map(({ documentId, name }) => [documentId, name]));
  const nameOf = (id: number) => names.get(id) ?? `document ${id}`;
  const found = { lexical: 0, semantic: 0, hybrid: 0 };
  const missing: string[] = [];
  for (const question of questions) {
    say(`\n? ${question.query}`);
    let isFound = question.expected === null;
    for (const method of methods) {
      const hits = await client.search(collection, question.query, method, searchedHits);
      const place = placeOf(question, hits, nameOf);
      if (place !== null) {
        found[method] += 1;
        isFound = true;
      }
      say(
        `  ${method.padEnd(8)} ${
          hits
            .slice(0, topHits)
            .map((hit) => describe(hit, nameOf))
            .join('  ·  ') || 'nothing'
        }`,
      );
      if (method === 'hybrid' && hits[0])
        say(`           “${excerpt(hits[place === null ? 0 : place - 1] ?? hits[0], question)}”`);
    }
    if (!isFound) missing.push(question.query);
  }
  if (questions.every(({ expected }) => expected === null)) return;
  const known = questions.length;
  say(
    `\nRight answer among the first ${searchedHits}: ${methods.map((method) => `${method} ${found[method]}/${known}`).join(', ')}`,
  );
  if (missing.length > 0) throw new Error(`No method found: ${missing.join(' | ')}`);
  if (found.hybrid < Math.max(found.lexical, found.semantic))
    throw new Error('Hybrid search found less than one of its legs.');
}

function describe(hit: Hit, nameOf: (id: number) => string): string {
  const page = hit.chunk.source ? ` p. ${hit.chunk.source.from_page}` : '';
  return `${nameOf(hit.chunk.document_id)}${page} (${hit.score.toFixed(3)})`;
}

function excerpt({ chunk }: Hit, { expected }: Question): string {
  const text = chunk.content.replace(/\s+/g, ' ');
  const at = expected ? text.toLowerCase().indexOf(expected.phrase.toLowerCase().split(' ')[0] ?? '') : 0;
  const start = Math.max(0, at - 60);
  return `${start > 0 ? '…' : ''}${text.slice(start, start + 160)}…`;
}

function isTerminal(status: string): boolean {
  return ['completed', 'failed', 'cancelled', 'expired'].includes(status);
}
