/** What is left when all is over, read from the stores themselves and through the gateway's doors. */
import mongoose from 'mongoose';
import { inLanes } from '../../../src/core/in-lanes.ts';
import type { JobStatus } from '../../../src/core/job.ts';
import type { History } from './history.ts';
import { hashOf, hashOfSeen, type SeenJob } from './load/jobs.ts';
import type { LoadCaller } from './load/load.ts';
import { operationIn } from './provider.ts';
import type { ReceivedMessage } from './receiver.ts';
import { openSession } from './session.ts';
import type { World } from './world.ts';

export interface StoredJob {
  id: string;
  /** The tenant, as the history counts them; -1 for somebody whom the run does not know. */
  owner: number;
  status: JobStatus;
  run: number;
  lastSequence: number;
  createdAt: number;
  completedAt: number | null;
  /** Of its result's body; null where there is none. */
  result: string | null;
  errorCode: string | null;
  idempotencyKey: string | null;
  requestId: string;
}

export interface StoredEvent {
  jobId: string;
  sequence: number;
  type: string;
  createdAt: number;
  /** Of the output of a call that streams. */
  output: { run: number; index: number; delta: string; events: number } | null;
}

export interface StoredUsage {
  id: string;
  requestId: string;
  endpoint: string | null;
  isBilled: boolean;
  status: number;
  promptTokens: number;
  completionTokens: number;
  estimated: boolean;
}

interface StoredDocument {
  id: number;
  name: string;
  jobId: string | null;
  status: string;
  chunks: number;
  /** Entries that the index has for it. */
  indexed: number;
}

interface ProviderCall {
  operation: string | null;
  kind: 'chat' | 'embeddings';
  at: number;
  answered: boolean;
}

/** What a job's doors say of it. */
export interface JobView {
  jobId: string;
  /** 404 for one that is lost. */
  getStatus: number;
  status: JobStatus | null;
  result: string | null;
  /** Hash of what the result's own door answers; null unless completed. */
  resultDoor: string | null;
  /** Status in its owner's list; null when it is not there. */
  listed: JobStatus | null;
  /** Types of the events that a reader gets from the first on. */
  events: readonly { sequence: number; event: string }[];
}

/** A line of one of the two files of a batch. */
interface BatchLine {
  jobId: string;
  file: 'output' | 'error';
  /** Its id as a request. */
  id: string;
  customId: string;
  content: string | null;
}

export interface FinalState {
  jobs: readonly StoredJob[];
  events: readonly StoredEvent[];
  usage: readonly StoredUsage[];
  documents: readonly StoredDocument[];
  provider: readonly ProviderCall[];
  views: readonly JobView[];
  lines: readonly BatchLine[];
  messages: readonly ReceivedMessage[];
  /** What each tenant is shown as theirs. */
  lists: readonly { owner: number; jobIds: readonly string[] }[];
}

const lanes = 8;

export async function readFinalState(
  world: World,
  callers: readonly LoadCaller[],
  history: History,
): Promise<FinalState> {
  const client = new mongoose.mongo.MongoClient(world.mongodbUrl);
  try {
    const database = client.db(world.database);
    const all = (name: string) => database.collection(name).find().toArray();
    const [jobs, events, usage, documents] = await Promise.all(['jobs', 'job_events', 'usage', 'documents'].map(all));
    const lists = await Promise.all(callers.map((caller) => listAll(world, caller)));
    return {
      jobs: (jobs ?? []).map((row) => toJob(row, callers)),
      events: (events ?? []).map(toEvent),
      usage: (usage ?? []).map(toUsage),
      documents: await readDocuments(world, documents ?? []),
      provider: world.provider.ledger
        .filter(({ path }) => !path.endsWith('/models'))
        .map(({ path, text, at, answered }) => ({
          operation: operationIn(text),
          kind: path.endsWith('/embeddings') ? ('embeddings' as const) : ('chat' as const),
          at,
          answered,
        })),
      views: await readViews(world, callers, lists, history),
      lines: await readBatches(
        world,
        callers,
        (jobs ?? []).filter((job) => job['kind'] === 'batch'),
      ),
      messages: world.receiver.messages(callers),
      lists: lists.map((list, owner) => ({ owner, jobIds: [...list.keys()] })),
    };
  } finally {
    await client.close();
  }
}

type Row = Record<string, unknown>;

function toJob(row: Row, callers: readonly LoadCaller[]): StoredJob {
  const job = row as unknown as StoredJob & {
    _id: string;
    ownerId: number;
    result: StoredResult;
    error: { code: string } | null;
  };
  return {
    id: job._id,
    owner: callers.findIndex(({ userId }) => userId === job.ownerId),
    status: job.status,
    run: job.run,
    lastSequence: job.lastSequence,
    createdAt: job.createdAt,
    completedAt: job.completedAt,
    result: hashOfStored(job.result),
    errorCode: job.error?.code ?? null,
    idempotencyKey: job.idempotencyKey,
    requestId: job.requestId,
  };
}

type StoredResult = { body: unknown; bodyBlob: { sha256: string } | null } | null;

function hashOfStored(result: StoredResult): string | null {
  return result && (result.bodyBlob?.sha256 ?? hashOf(result.body));
}

function toEvent(row: Row): StoredEvent {
  const { jobId, sequence, type, createdAt, data } = row as unknown as StoredEvent & { data: Row };
  const output =
    type === 'job.output' && Array.isArray(data['events'])
      ? {
          run: Number(data['run']),
          index: Number(data['index']),
          delta: String(data['delta']),
          events: data['events'].length,
        }
      : null;
  return { jobId, sequence, type, createdAt, output };
}

function toUsage(row: Row): StoredUsage {
  const usage = row['usage'] as Row;
  return {
    id: String(row['_id']),
    requestId: String(row['requestId']),
    endpoint: row['endpoint'] as string | null,
    isBilled: row['isBilled'] === true,
    status: Number(row['status']),
    promptTokens: Number(usage['promptTokens']),
    completionTokens: Number(usage['completionTokens']),
    estimated: usage['estimated'] === true,
  };
}

async function readDocuments(world: World, rows: readonly Row[]): Promise<StoredDocument[]> {
  await fetch(`${world.elasticsearchUrl}/${world.indexPrefix}-chunks-*/_refresh`, { method: 'POST' });
  const documents: StoredDocument[] = [];
  await inLanes(rows, lanes, new AbortController().signal, async (row) => {
    documents.push(await toDocument(world, row));
  });
  return documents;
}

async function toDocument(world: World, row: Row): Promise<StoredDocument> {
  const id = Number(row['_id']);
  const response = await fetch(`${world.elasticsearchUrl}/${world.indexPrefix}-chunks-*/_count`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: { term: { document_id: String(id) } } }),
  });
  const { count = -1 } = (await response.json()) as { count?: number };
  return {
    id,
    name: String(row['name']),
    jobId: (row['jobId'] as string | null) ?? null,
    status: String(row['status']),
    chunks: Number(row['chunks']),
    indexed: count,
  };
}

/** Both files of every batch, line by line. */
async function readBatches(world: World, callers: readonly LoadCaller[], jobs: readonly Row[]): Promise<BatchLine[]> {
  const lines: BatchLine[] = [];
  for (const job of jobs) {
    const jobId = String(job['_id']);
    const { outputFileId, errorFileId } = job['batch'] as { outputFileId: string | null; errorFileId: string | null };
    for (const [file, fileId] of [
      ['output', outputFileId],
      ['error', errorFileId],
    ] as const) {
      if (fileId === null) continue;
      const text = await readFileOf(world, callers, fileId);
      for (const line of text.split('\n').filter((row) => row !== '')) lines.push(toLine(jobId, file, line));
    }
  }
  return lines;
}

/** By whoever owns it. */
async function readFileOf(world: World, callers: readonly LoadCaller[], fileId: string): Promise<string> {
  for (const { token } of callers) {
    const response = await fetch(`${world.directUrls[0]}/v1/files/${fileId}/content`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    if (response.ok) return text;
  }
  throw new Error(`file ${fileId} of a batch cannot be read`);
}

function toLine(jobId: string, file: BatchLine['file'], text: string): BatchLine {
  const line = JSON.parse(text) as {
    id: string;
    custom_id: string;
    response: { body: { choices?: { message: { content: string } }[] } } | null;
  };
  const content = line.response?.body.choices?.[0]?.message.content ?? null;
  return { jobId, file, id: line.id, customId: line.custom_id, content };
}

/** Every accepted job once more, through every door it has. */
async function readViews(
  world: World,
  callers: readonly LoadCaller[],
  lists: readonly ReadonlyMap<string, JobStatus>[],
  history: History,
): Promise<JobView[]> {
  const owners = new Map<string, number>();
  const accepted: { jobId: string; owner: number }[] = [];
  for (const entry of history.entries) {
    if (entry.type === 'invoke') owners.set(entry.operation, entry.owner);
    if (entry.type === 'accepted') accepted.push({ jobId: entry.jobId, owner: owners.get(entry.operation) ?? 0 });
  }
  const views: JobView[] = [];
  await inLanes(accepted, lanes, new AbortController().signal, async ({ jobId, owner }) => {
    const caller = callers[owner];
    if (caller)
      views.push({ ...(await readView(world, caller, jobId, views.length)), listed: lists[owner]?.get(jobId) ?? null });
  });
  return views;
}

async function readView(
  world: World,
  caller: LoadCaller,
  jobId: string,
  turn: number,
): Promise<Omit<JobView, 'listed'>> {
  const url = world.directUrls[turn % world.directUrls.length] ?? '';
  const headers = { authorization: `Bearer ${caller.token}` };
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(60_000) });
    return { status: response.status, text: await response.text() };
  };
  const found = await get(`/v1/jobs/${jobId}`);
  if (found.status !== 200) {
    return { jobId, getStatus: found.status, status: null, result: null, resultDoor: null, events: [] };
  }
  const job = JSON.parse(found.text) as SeenJob;
  const result = await get(`/v1/jobs/${jobId}/result`);
  const isTerminal = !['queued', 'in_progress', 'cancelling'].includes(job.status);
  const events = isTerminal ? eventsIn((await get(`/v1/jobs/${jobId}/events`)).text) : [];
  return {
    jobId,
    getStatus: found.status,
    status: job.status,
    result: hashOfSeen(job),
    resultDoor: job.status === 'completed' ? hashOf(JSON.parse(result.text)) : null,
    events,
  };
}

function eventsIn(text: string): { sequence: number; event: string }[] {
  return text.split('\n\n').flatMap((block) => {
    const sequence = /^id: ?(\d+)$/m.exec(block)?.[1];
    const event = /^event: ?(\S+)$/m.exec(block)?.[1];
    return sequence && event ? [{ sequence: Number(sequence), event }] : [];
  });
}

async function listAll(world: World, caller: LoadCaller): Promise<Map<string, JobStatus>> {
  const seen = new Map<string, JobStatus>();
  const session = openSession(() => world.directUrls, caller, {
    add: () => undefined,
    entries: [],
    close: async () => undefined,
  });
  let after = '';
  for (;;) {
    const answer = await session.ask('list', 'GET', `/v1/jobs?limit=100${after}`);
    const { data, has_more, last_id } = answer.json as unknown as {
      data: { id: string; status: JobStatus }[];
      has_more: boolean;
      last_id: string;
    };
    for (const { id, status } of data) seen.set(id, status);
    if (!has_more) return seen;
    after = `&after=${last_id}`;
  }
}
