import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { system } from '../../src/core/access.ts';
import type { Job } from '../../src/core/job.ts';
import { createJobIds } from '../../src/core/job-id.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { buildCall } from '../helpers/calls.ts';
import { buildJob, completedJob } from '../helpers/jobs.ts';

/**
 * What ends the life of a record. `owner`: whoever made it. `with`: what it belongs to goes, and takes it along. `store`:
 * MongoDB deletes it after a time that stands in the field. `sweep`: the reconciler does.
 */
type Rule =
  | { by: 'owner' }
  | { by: 'with'; what: string }
  | { by: 'store'; field: string }
  | { by: 'sweep' }
  /** One record per thing that is counted or configured. */
  | { by: 'never'; because: string };

const rules: Readonly<Record<string, Rule>> = {
  api_keys: { by: 'owner' },
  batch_lines: { by: 'sweep' },
  batch_shards: { by: 'sweep' },
  'blobs.chunks': { by: 'with', what: 'blobs.files' },
  'blobs.files': { by: 'sweep' },
  chunk_batches: { by: 'with', what: 'documents' },
  collections: { by: 'owner' },
  conversation_items: { by: 'sweep' },
  conversations: { by: 'owner' },
  counters: { by: 'never', because: 'one per kind of id' },
  deletions: { by: 'sweep' },
  documents: { by: 'owner' },
  embedding_cache: { by: 'store', field: 'usedAt' },
  extractions: { by: 'with', what: 'documents' },
  files: { by: 'sweep' },
  job_events: { by: 'with', what: 'jobs' },
  jobs: { by: 'sweep' },
  provider_load: { by: 'store', field: 'expiresAt' },
  responses: { by: 'sweep' },
  roles: { by: 'owner' },
  routers: { by: 'owner' },
  sign_in_attempts: { by: 'store', field: 'lastAt' },
  stored_chats: { by: 'store', field: 'expiresAt' },
  upload_parts: { by: 'sweep' },
  uploads: { by: 'sweep' },
  usage: { by: 'store', field: 'expiresAt' },
  users: { by: 'owner' },
  webhook_accounts: { by: 'never', because: 'one per user' },
  webhook_deliveries: { by: 'store', field: 'expiresAt' },
  webhook_endpoints: { by: 'owner' },
  webhook_events: { by: 'store', field: 'expiresAt' },
};

const hour = 3_600_000;
const day = 24 * hour;
const owner = 77;

describe('everything that is stored', () => {
  let app: TestApp;
  let connection: Connection;
  before(async () => {
    app = await startTestApp({ config: { jobs: { sweepIntervalMs: hour } } });
    connection = await connectMongo(app.deps.config.mongodb);
  });
  after(async () => {
    await connection.close();
    await app.stop();
  });

  it('has a rule that ends it: a collection without one must be given one here', async () => {
    const collections = (await connection.db?.listCollections().toArray()) ?? [];
    const names = collections.map(({ name }) => name).toSorted();
    assert.deepEqual(
      names.filter((name) => rules[name] === undefined),
      [],
    );
  });

  it('is deleted by MongoDB where the rule says so', async () => {
    for (const [name, rule] of Object.entries(rules)) {
      if (rule.by !== 'store') continue;
      const indexes = await connection.collection(name).indexes();
      const found = indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
      assert.deepEqual(
        found.map(({ key }) => Object.keys(key)),
        [[rule.field]],
        name,
      );
    }
  });

  it('goes when it is past its time, and only then', async () => {
    const now = Date.now();
    const old = await fill('old', now - 40 * day);
    const fresh = await fill('new', now);
    for (let more = true; more; ) ({ more } = await app.verbs.purgeExpired({}, buildCall({ principal: system })));
    assert.deepEqual(await left(old), {});
    assert.deepEqual(
      await left(fresh),
      Object.fromEntries(Object.entries(fresh).map(([name, ids]) => [name, ids.length])),
    );
  });

  it('goes when what it belonged to is gone, and only then', async () => {
    const now = Date.now();
    const long = now - 2 * hour;
    const jobs = {
      gone: app.deps.newJobId(now),
      ended: await job({ status: 'completed', completedAt: long }),
      justEnded: await job({ status: 'completed', completedAt: now }),
      open: await job({ status: 'in_progress', updatedAt: long }),
    };
    for (const jobId of Object.values(jobs)) await rowsOf(jobId);
    const there = { id: 'conv_there', ownerId: owner, createdAt: now, metadata: {} };
    await app.deps.conversations.insert(there);
    const items = connection.collection('conversation_items');
    await items.insertMany(
      ['conv_there', 'conv_gone'].map((conversationId) => ({ ownerId: owner, conversationId, itemId: 'msg_1' })),
    );
    for (let more = true; more; ) ({ more } = await app.verbs.purgeExpired({}, buildCall({ principal: system })));
    const all = Object.values(jobs);
    for (const name of ['batch_lines', 'batch_shards']) {
      const rows = await connection
        .collection(name)
        .find({ jobId: { $in: all } })
        .toArray();
      assert.deepEqual(new Set(rows.map(({ jobId }) => jobId)), new Set([jobs.justEnded, jobs.open]), name);
    }
    const kept = await items.find({ ownerId: owner }).toArray();
    assert.deepEqual(
      kept.map(({ conversationId }) => conversationId),
      ['conv_there'],
    );
  });

  async function job(changes: Partial<Job>): Promise<string> {
    const id = app.deps.newJobId(Date.now());
    await app.deps.jobs.accept(buildJob({ id, ownerId: owner, ...changes }), null);
    return id;
  }

  async function rowsOf(jobId: string): Promise<void> {
    await connection.collection('batch_lines').insertOne({ ownerId: owner, jobId, line: 1 });
    await connection.collection('batch_shards').insertOne({ ownerId: owner, jobId, shard: 1 });
  }

  type Filled = Record<string, readonly string[]>;

  /** One of everything that the sweep looks after, as it stands when it was made, or ended, `at` that time. */
  async function fill(word: string, at: number): Promise<Filled> {
    const { jobs, newJobId, blobs } = app.deps;
    const id = newJobId(Date.now());
    const request = await blob(`job:${id}`, at);
    const result = await blob(`job:${id}:result`, at);
    const orphan = await blob(null, at);
    // Of a job that was deleted while a worker stood still.
    const forgotten = await blob(`job:${createJobIds((bytes) => crypto.getRandomValues(bytes))(at)}:result`, at);
    const job = completedJob({
      id,
      ownerId: owner,
      createdAt: at,
      updatedAt: at,
      completedAt: at,
      expiresAt: at + 7 * day,
    });
    await jobs.accept({ ...job, request: { ...buildJob().request, bodyBlob: await blobs.find(owner, request) } }, null);
    const raw = (name: string) => connection.collection<{ _id: string; [field: string]: unknown }>(name);
    await connection
      .collection('job_events')
      .insertOne({ ownerId: owner, jobId: id, sequence: 2, type: 'job.started' });
    await rowsOf(id);
    const expiresAt = at + 2 * day;
    await raw('responses').insertOne({
      ...{ _id: `resp_${word}`, ownerId: owner, createdAt: at, expiresAt, ancestors: [], itemIds: [] },
      ...{ content: '{}', contentBlob: null },
    });
    await raw('files').insertOne({ _id: `file-${word}`, ownerId: owner, createdAt: at, expiresAt, isWhole: true });
    await raw('uploads').insertOne({ _id: `upload_${word}`, ownerId: owner, createdAt: at, sweepAt: expiresAt });
    await raw('upload_parts').insertOne({
      ...{ _id: `part_${word}`, ownerId: owner, uploadId: `upload_${word}`, createdAt: at, sweepAt: expiresAt },
      blob: { id: orphan, bytes: 1 },
    });
    return {
      jobs: [id],
      job_events: [id],
      batch_lines: [id],
      batch_shards: [id],
      'blobs.files': [request, result, orphan, forgotten],
      'blobs.chunks': [request, result, orphan, forgotten],
      responses: [`resp_${word}`],
      files: [`file-${word}`],
      uploads: [`upload_${word}`],
      upload_parts: [`part_${word}`],
    };
  }

  async function blob(reference: string | null, at: number): Promise<string> {
    const content = (async function* () {
      yield Buffer.from('text');
    })();
    const upload = { content, mediaType: 'text/plain', name: null, maxBytes: 100 };
    const { id } = await app.deps.blobs.put(owner, upload, new AbortController().signal);
    if (reference !== null) await app.deps.blobs.attach(owner, id, reference);
    await connection
      .collection('blobs.files')
      .updateOne({ $expr: { $eq: [{ $toString: '$_id' }, id] } }, { $set: { uploadDate: new Date(at) } });
    return id;
  }

  /** How many records there still are, by collection; those without any are left out. */
  async function left(filled: Filled): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [name, ids] of Object.entries(filled)) {
      const ofThese = {
        $expr: { $or: ['$_id', '$jobId', '$files_id'].map((field) => ({ $in: [{ $toString: field }, [...ids]] })) },
      };
      const count = await connection.collection(name).countDocuments(ofThese);
      if (count > 0) counts[name] = count;
    }
    return counts;
  }
});
