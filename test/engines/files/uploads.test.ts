import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { system } from '../../../src/core/access.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { openStoreCounts, type StoreCounts } from '../../helpers/stored-bytes.ts';

const KiB = 1024;
const hour = 3_600_000;
const limits = {
  maxPartBytes: 1_500 * KiB,
  maxUploadBytes: 4_000 * KiB,
  maxBatchBytes: 2_000 * KiB,
  maxStoredBytes: 6_000 * KiB,
};

/** A place where a call waits until it is let go on. */
function heldUp() {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: arrived.promise,
    open: opened.resolve,
    reach: () => {
      arrived.resolve();
      return opened.promise;
    },
  };
}

describe('uploads', () => {
  let app: TestApp;
  let store: StoreCounts;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    app = await startTestApp({ config: { files: limits, jobs: { sweepIntervalMs: 24 * hour } } });
    store = await openStoreCounts(app);
  });
  after(async () => {
    await store.close();
    await app.stop();
  });
  beforeEach(async () => {
    caller = await app.signUp();
    client = new OpenAI({ apiKey: caller.key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  });
  /** Everything of a test goes the way of everything that is left: by the sweep. */
  afterEach(async () => {
    for await (const { id } of client.files.list()) await client.files.delete(id);
    passTime(3 * hour);
    await app.verbs.purgeExpired({}, buildCall({ principal: system }));
    app.deps.clock.now = () => Date.now();
    assert.deepEqual(await store.counts(), { blobs: 0, pieces: 0 });
    assert.equal(await app.deps.uploads.totalBytes(caller.userId), 0);
  });

  function passTime(milliseconds: number): void {
    app.deps.clock.now = () => Date.now() + milliseconds;
  }

  function begin(bytes: number, changes: Partial<OpenAI.UploadCreateParams> = {}) {
    return client.uploads.create({
      bytes,
      filename: 'plan.pdf',
      mime_type: 'application/pdf',
      purpose: 'user_data',
      ...changes,
    });
  }

  async function addPart(uploadId: string, content: Buffer): Promise<string> {
    return (await client.uploads.parts.create(uploadId, { data: await toFile(content, 'blob') })).id;
  }

  /** The first to read a blob waits before it does. */
  function holdUpReading() {
    const gate = heldUp();
    const { read } = app.deps.blobs;
    app.deps.blobs.read = async function* (...asked) {
      app.deps.blobs.read = read;
      await gate.reach();
      yield* read(...asked);
    };
    return gate;
  }

  it('make one file of their parts in the order that is told at the end', async () => {
    const content = randomBytes(3_000 * KiB);
    const upload = await begin(content.length);
    const { id, created_at, expires_at, ...rest } = upload;
    assert.match(id, /^upload_/);
    assert.equal(expires_at - created_at, 3_600);
    assert.deepEqual(rest, {
      object: 'upload',
      bytes: content.length,
      filename: 'plan.pdf',
      purpose: 'user_data',
      status: 'pending',
      file: null,
    });

    const [late, early] = await Promise.all([
      addPart(id, content.subarray(1_500 * KiB)),
      addPart(id, content.subarray(0, 1_500 * KiB)),
    ]);
    await addPart(id, Buffer.from('a part that is not taken'));
    const md5 = createHash('md5').update(content).digest('hex').toUpperCase();
    const completed = await client.uploads.complete(id, { part_ids: [early, late], md5 });
    assert.equal(completed.status, 'completed');
    const file = completed.file;
    assert.ok(file);
    assert.deepEqual([file.bytes, file.filename, file.purpose], [content.length, 'plan.pdf', 'user_data']);
    assert.deepEqual({ ...(await client.files.retrieve(file.id)) }, file);
    const answer = await client.files.content(file.id);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
    assert.equal((await store.counts()).blobs, 1);
  });

  it('are completed once, however often that is asked', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    const attempts = await Promise.allSettled([1, 2, 3].map(() => client.uploads.complete(id, { part_ids })));
    const again = await client.uploads.complete(id, { part_ids });
    for (const attempt of attempts) {
      if (attempt.status === 'fulfilled') assert.equal(attempt.value.file?.id, again.file?.id);
      else assert.ok([409, 503].includes(attempt.reason.status), String(attempt.reason));
    }
    assert.equal((await client.files.list()).data.length, 1);
    assert.equal((await store.counts()).blobs, 1);
  });

  it('answer the same file to whoever was about to look for the parts when another completed them', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    const gate = heldUp();
    const { parts } = app.deps.uploads;
    app.deps.uploads.parts = async (...asked) => {
      app.deps.uploads.parts = parts;
      await gate.reach();
      return parts(...asked);
    };
    const late = client.uploads.complete(id, { part_ids });
    await gate.reached;
    const { file } = await client.uploads.complete(id, { part_ids });
    gate.open();
    assert.equal((await late).file?.id, file?.id);
  });

  it('answer the same file to whoever was putting the parts together when another had done so', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    const gate = holdUpReading();
    const late = client.uploads.complete(id, { part_ids });
    await gate.reached;
    const { file } = await client.uploads.complete(id, { part_ids });
    gate.open();
    assert.equal((await late).file?.id, file?.id);
  });

  it('that are cancelled while they are completed say so', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    const gate = holdUpReading();
    const completed = client.uploads.complete(id, { part_ids });
    const refused = assert.rejects(completed, { status: 400, param: 'upload_id', message: /it is cancelled/ });
    await gate.reached;
    await client.uploads.cancel(id);
    gate.open();
    await refused;
  });

  it('are completed by whoever comes after one that died in the middle', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    await app.deps.uploads.end(caller.userId, id, 'completed');
    const { file } = await client.uploads.complete(id, { part_ids });
    assert.equal(await (await client.files.content(file?.id ?? '')).text(), 'one');
  });

  it('give their file the expiry that was asked for', async () => {
    const { id } = await begin(3, { expires_after: { anchor: 'created_at', seconds: 7_200 } });
    const { file } = await client.uploads.complete(id, { part_ids: [await addPart(id, Buffer.from('one'))] });
    assert.equal((file?.expires_at ?? 0) - (file?.created_at ?? 0), 7_200);
  });

  it('are refused with parts that are not the file they were made for', async () => {
    const { id } = await begin(6);
    const [one, two] = [await addPart(id, Buffer.from('one')), await addPart(id, Buffer.from('two'))];
    const other = await begin(3);
    const foreign = await addPart(other.id, Buffer.from('one'));
    const wrong: [part_ids: string[], param: string, md5?: string][] = [
      [[one], 'part_ids'],
      [[one, two, one], 'part_ids'],
      [[one, foreign], 'part_ids[1]'],
      [['part_none'], 'part_ids[0]'],
      [[one, two], 'md5', '0'.repeat(32)],
      [[one, two], 'md5', 'no checksum'],
    ];
    for (const [part_ids, param, md5] of wrong) {
      await assert.rejects(client.uploads.complete(id, { part_ids, ...(md5 !== undefined && { md5 }) }), {
        status: 400,
        code: 'invalid_request',
        param,
      });
    }
    assert.equal((await client.uploads.complete(id, { part_ids: [one, two] })).status, 'completed');
  });

  it('that were cancelled are gone with their parts, and take no more', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    assert.equal((await client.uploads.cancel(id)).status, 'cancelled');
    assert.equal((await client.uploads.cancel(id)).status, 'cancelled');
    assert.deepEqual(await store.counts(), { blobs: 0, pieces: 0 });
    const refusal = { status: 400, param: 'upload_id', message: /it is cancelled/ };
    await assert.rejects(addPart(id, Buffer.from('two')), refusal);
    await assert.rejects(client.uploads.complete(id, { part_ids }), refusal);
    assert.deepEqual(await store.counts(), { blobs: 0, pieces: 0 });
  });

  it('that were completed are not cancelled', async () => {
    const { id } = await begin(3);
    await client.uploads.complete(id, { part_ids: [await addPart(id, Buffer.from('one'))] });
    await assert.rejects(client.uploads.cancel(id), { status: 400, message: /it is completed/ });
    await assert.rejects(addPart(id, Buffer.from('two')), { status: 400, message: /it is completed/ });
  });

  it('whose part was cut short before it was held leave nothing', async () => {
    const { id } = await begin(3);
    const content = (async function* () {
      yield Buffer.from('one');
    })();
    const upload = { content, mediaType: 'application/octet-stream', name: null, maxBytes: 3 };
    const blob = await app.deps.blobs.put(caller.userId, upload, new AbortController().signal);
    const part = { id: 'part_cut', uploadId: id, ownerId: caller.userId, blob, createdAt: Date.now() };
    await app.deps.uploads.addPart(part, { expiresAt: Date.now() + hour });
    assert.equal(await app.deps.uploads.totalBytes(caller.userId), 3);
    passTime(3 * hour);
    await app.verbs.purgeExpired({}, buildCall({ principal: system }));
    assert.equal(await app.deps.uploads.totalBytes(caller.userId), 0);
    assert.deepEqual(await store.counts(), { blobs: 0, pieces: 0 });
  });

  it('expire an hour after they were begun', async () => {
    const { id } = await begin(3);
    const part_ids = [await addPart(id, Buffer.from('one'))];
    passTime(hour + 1_000);
    const refusal = { status: 400, param: 'upload_id', message: /it is expired/ };
    await assert.rejects(addPart(id, Buffer.from('two')), refusal);
    await assert.rejects(client.uploads.complete(id, { part_ids }), refusal);
  });

  it('are taken up to the limits and not beyond', async () => {
    const tooLarge = { status: 413, code: 'body_too_large' };
    await begin(limits.maxUploadBytes);
    await assert.rejects(begin(limits.maxUploadBytes + 1), { ...tooLarge, param: 'bytes' });
    const batch = { purpose: 'batch', filename: 'lines.jsonl' } as const;
    await begin(limits.maxBatchBytes, batch);
    await assert.rejects(begin(limits.maxBatchBytes + 1, batch), { ...tooLarge, param: 'bytes' });
    await assert.rejects(begin(1, { ...batch, filename: 'lines.csv' }), { status: 400, param: 'filename' });
    await assert.rejects(begin(0), { status: 400, param: 'bytes' });

    const { id } = await begin(10);
    await addPart(id, Buffer.alloc(limits.maxPartBytes));
    await assert.rejects(addPart(id, Buffer.alloc(limits.maxPartBytes + 1)), { ...tooLarge, param: 'data' });
    await addPart(id, Buffer.alloc(limits.maxPartBytes));
    await addPart(id, Buffer.alloc(limits.maxUploadBytes - 2 * limits.maxPartBytes));
    await assert.rejects(addPart(id, Buffer.alloc(1)), { ...tooLarge, param: 'data' });

    const other = await begin(10);
    await addPart(other.id, Buffer.alloc(limits.maxPartBytes));
    await addPart(other.id, Buffer.alloc(limits.maxStoredBytes - limits.maxUploadBytes - limits.maxPartBytes));
    await assert.rejects(addPart(other.id, Buffer.alloc(1)), { ...tooLarge, message: /Delete some/ });
    await assert.rejects(begin(1), { ...tooLarge, param: 'bytes', message: /Delete some/ });
  });

  it('of one user are taken up to what is kept for one, however many parts come at a time', async () => {
    const uploads = await Promise.all([1, 2, 3, 4].map(() => begin(10)));
    const part = Buffer.alloc(limits.maxPartBytes);
    const outcomes = await Promise.allSettled(uploads.flatMap(({ id }) => [addPart(id, part), addPart(id, part)]));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'body_too_large');
    }
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length * part.length;
    assert.ok(taken <= limits.maxStoredBytes, `${taken} bytes`);
    assert.equal(await app.deps.uploads.totalBytes(caller.userId), taken);
  });
});
