/** The operations of the mixed load, each from its invocation to all that its caller learned of it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { OperationKind } from '../history.ts';
import type { Random } from '../random.ts';
import { type Session, Unknown } from '../session.ts';
import { chatModel, embeddingModel } from '../world.ts';
import { eventsOf, follow, submit } from './jobs.ts';

interface Operation {
  id: string;
  session: Session;
  random: Random;
  /** Collection of this caller. */
  collectionId: number;
  /** A job of somebody else; null while there is none. */
  foreignJob: string | null;
  /** Where the end of its job may be told. */
  hookUrl: string;
}

type Run = (operation: Operation) => Promise<void>;

/** How often each is chosen. */
export const usualMix: Record<OperationKind, number> = {
  call: 4,
  stream: 4,
  search: 2,
  job: 6,
  'streamed-job': 4,
  'deleted-job': 1,
  document: 2,
  batch: 1,
  'cancelled-batch': 0.7,
  cancel: 2,
  foreign: 1,
};

export const operations: Record<OperationKind, Run> = {
  call,
  stream,
  search,
  job,
  'streamed-job': streamedJob,
  'deleted-job': deletedJob,
  document,
  batch,
  'cancelled-batch': cancelledBatch,
  cancel,
  foreign,
};

function chatOf(id: string, more: Record<string, unknown> = {}, slowMs = 0) {
  const content = `The words of ${id}${slowMs > 0 ? `, slowly:${slowMs}` : ''}`;
  return { model: chatModel, messages: [{ role: 'user', content }], ...more };
}

/** Some take long enough to be interrupted in the middle more than once. */
function slownessOf(random: Random): number {
  return random.chance(0.4) ? random.integer(300, 2_500) : 0;
}

/** Answered while its caller waits. Nothing makes it safe to repeat, so it is not repeated. */
async function call({ id, session, random }: Operation): Promise<void> {
  const isChat = random.chance(0.7);
  const [path, body] = isChat
    ? ['/v1/chat/completions', chatOf(id)]
    : ['/v1/embeddings', { model: embeddingModel, input: `To embed: ${id}` }];
  session.history.add({ type: 'sent', operation: id, to: session.next() });
  try {
    const answer = await session.ask(id, 'POST', path, { body, headers: { 'x-request-id': id } });
    if (answer.status >= 400)
      return session.history.add({ type: 'fail', operation: id, reason: String(answer.status) });
    const choice = (answer.json?.['choices'] as { message: { content: string } }[] | undefined)?.[0];
    session.history.add({ type: 'ok', operation: id, data: isChat ? { text: choice?.message.content } : {} });
  } catch (error) {
    unknown(session, id, error);
  }
}

/** Read to its end, or to where it was cut. */
async function stream({ id, session, random }: Operation): Promise<void> {
  let text = '';
  let isWhole = false;
  let isFailure = false;
  session.history.add({ type: 'sent', operation: id, to: session.next() });
  try {
    const response = await session.open(id, 'POST', '/v1/chat/completions', {
      body: chatOf(id, { stream: true }, slownessOf(random)),
      headers: { 'x-request-id': id },
    });
    if (response.status >= 400 || !response.body) {
      return session.history.add({ type: 'fail', operation: id, reason: String(response.status) });
    }
    for await (const { data } of eventsOf(response.body)) {
      if (data === '[DONE]') isWhole = true;
      else if (data.startsWith('{"error"')) isFailure = true;
      else text += deltaIn(data);
    }
  } catch (error) {
    if (!isWhole) return unknown(session, id, error);
  }
  if (isWhole && !isFailure) session.history.add({ type: 'ok', operation: id, data: { text } });
  else session.history.add({ type: 'fail', operation: id, reason: isFailure ? 'an error in the stream' : 'cut' });
}

/** By words, or by meaning, which asks a model. Of no account to the index, so a search may find nothing. */
async function search({ id, session, random, collectionId }: Operation): Promise<void> {
  const method = random.pick(['lexical', 'semantic']);
  const body = { query: `Where is ${id}`, method, collection_ids: [collectionId], limit: 3 };
  session.history.add({ type: 'sent', operation: id, to: session.next() });
  try {
    const answer = await session.ask(id, 'POST', '/v1/search', { body, headers: { 'x-request-id': id } });
    if (answer.status >= 400)
      return session.history.add({ type: 'fail', operation: id, reason: String(answer.status) });
    session.history.add({ type: 'ok', operation: id });
  } catch (error) {
    unknown(session, id, error);
  }
}

/** Some want to be told at an address of this job's own. */
function hookOf({ id, session, random, hookUrl }: Operation): string | null {
  if (!random.chance(0.3)) return null;
  session.history.add({ type: 'hooked', operation: id });
  return hookUrl;
}

function hookHeader(operation: Operation): Record<string, string> {
  const url = hookOf(operation);
  return url === null ? {} : { 'webhook-url': url };
}

async function job(operation: Operation): Promise<void> {
  const { id, random } = operation;
  const isChat = random.chance(0.6);
  const [path, body] = isChat
    ? ['/v1/chat/completions', chatOf(id, {}, slownessOf(random))]
    : ['/v1/embeddings', { model: embeddingModel, input: `To embed: ${id}` }];
  if (random.chance(0.5)) return submitAndFollow(operation, path, body, hookHeader(operation));
  const webhook = hookOf(operation);
  await submitAndFollow(operation, '/v1/jobs', {
    endpoint: path,
    body,
    metadata: { operation: id },
    ...(webhook !== null && { webhook }),
  });
}

/** A call that streams, as a job: its output is in the job's log while it comes into being. */
async function streamedJob(operation: Operation): Promise<void> {
  await submitAndFollow(
    operation,
    '/v1/chat/completions',
    chatOf(operation.id, { stream: true }, slownessOf(operation.random)),
    hookHeader(operation),
  );
}

/** A job that is deleted once it has ended, and to be found nowhere then. */
async function deletedJob({ id, session, random }: Operation): Promise<void> {
  const body = { model: embeddingModel, input: `To embed: ${id}` };
  const jobId = await submit(session, id, '/v1/embeddings', () => ({ body }));
  if (!jobId) return;
  await follow(session, id, jobId, random);
  const answer = await session.insist(id, 'DELETE', `/v1/jobs/${jobId}`, () => ({}));
  // 404 where the answer to the first time was lost.
  if (answer?.status === 204 || answer?.status === 404) session.history.add({ type: 'deleted', operation: id, jobId });
}

async function submitAndFollow(
  operation: Operation,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const jobId = await submit(operation.session, operation.id, path, () => ({ body, headers }));
  if (jobId) await follow(operation.session, operation.id, jobId, operation.random);
}

async function document(operation: Operation): Promise<void> {
  const { id, session, random, collectionId } = operation;
  const paragraphs = Array.from(
    { length: random.integer(1, 6) },
    (_, part) => `Part ${part} of ${id}. ${'word '.repeat(60)}`,
  );
  const headers = hookHeader(operation);
  const form = () => {
    const data = new FormData();
    data.set('collection_id', String(collectionId));
    data.set('chunk_size', '400');
    data.set('chunk_overlap', '0');
    data.set('file', new Blob([paragraphs.join('\n\n')], { type: 'text/plain' }), `${id}.txt`);
    return { form: data, headers };
  };
  const jobId = await submit(session, id, '/v1/documents', form);
  if (jobId) await follow(session, id, jobId, random);
}

/** Many calls by one file. */
async function batch(operation: Operation): Promise<void> {
  const jobId = await submitBatch(operation);
  if (jobId) await follow(operation.session, operation.id, jobId, operation.random);
}

/** What has been answered when it is called off is kept. */
async function cancelledBatch(operation: Operation): Promise<void> {
  const { id, session, random } = operation;
  const jobId = await submitBatch(operation, 1_000);
  if (!jobId) return;
  await delay(random.between(0, 4_000));
  await session.insist(id, 'POST', `/v1/jobs/${jobId}/cancel`, () => ({}));
  await follow(session, id, jobId, random);
}

async function submitBatch(operation: Operation, slowMs = 0): Promise<string | null> {
  const { id, session, random } = operation;
  const marks = Array.from({ length: random.integer(3, 25) }, (_, line) => `${id}-l${line}`);
  const lines = marks.map((mark) =>
    JSON.stringify({ custom_id: mark, method: 'POST', url: '/v1/chat/completions', body: chatOf(mark, {}, slowMs) }),
  );
  const file = await session.insist(id, 'POST', '/v1/files', () => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([`${lines.join('\n')}\n`]), `${id}.jsonl`);
    return { form };
  });
  const input_file_id = file?.json?.['id'];
  if (typeof input_file_id !== 'string') {
    session.history.add({ type: 'fail', operation: id, reason: `its file was answered ${file?.status}` });
    return null;
  }
  session.history.add({ type: 'lines', operation: id, marks });
  const body = { input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const headers = hookHeader(operation);
  return submit(session, id, '/v1/batches', () => ({ body, headers }));
}

/** A job that takes its time, and is called off at some moment of it. */
async function cancel(operation: Operation): Promise<void> {
  const { id, session, random } = operation;
  const body = chatOf(id, random.chance(0.5) ? { stream: true } : {}, 3_000);
  const headers = hookHeader(operation);
  const jobId = await submit(session, id, '/v1/chat/completions', () => ({ body, headers }));
  if (!jobId) return;
  await delay(random.between(0, 4_000));
  const answer = await session.insist(id, 'POST', `/v1/jobs/${jobId}/cancel`, () => ({}));
  if (answer?.status === 200) session.history.add({ type: 'cancelled', operation: id, jobId });
  await follow(session, id, jobId, random);
}

const foreignLooks = [
  ['GET', ''],
  ['GET', '/events'],
  ['GET', '/result'],
  ['POST', '/cancel'],
] as const;

/** Somebody else's job does not exist, whatever door is tried. */
async function foreign({ id, session, random, foreignJob }: Operation): Promise<void> {
  if (foreignJob === null) return session.history.add({ type: 'fail', operation: id, reason: 'nobody has a job yet' });
  const [method, door] = random.pick(foreignLooks);
  const answer = await session.insist(id, method, `/v1/jobs/${foreignJob}${door}`, () => ({}));
  if (!answer) return;
  session.history.add({
    type: 'ok',
    operation: id,
    data: { request: `${method} /v1/jobs/:job${door}`, status: answer.status },
  });
}

function deltaIn(data: string): string {
  const { choices = [] } = JSON.parse(data) as { choices?: { delta?: { content?: string } }[] };
  return choices[0]?.delta?.content ?? '';
}

function unknown(session: Session, operation: string, error: unknown): void {
  const reason = error instanceof Unknown ? error.message : 'cut in the middle';
  session.history.add({ type: 'info', operation, reason });
}
