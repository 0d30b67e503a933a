import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { createFileStorage } from '../../../src/activities/files/storage.ts';
import { system } from '../../../src/core/access.ts';
import type { BlobRef } from '../../../src/core/blob.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { openStoreCounts, type StoreCounts } from '../../helpers/stored-bytes.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const KiB = 1024;
const day = 24 * 3_600_000;
const limits = { maxBytes: 3_000 * KiB, maxBatchBytes: 2_000 * KiB, maxStoredBytes: 8_000 * KiB };

describe('files', () => {
  let app: TestApp;
  let store: StoreCounts;
  let caller: TestCaller;
  let client: OpenAI;

  before(async () => {
    app = await startTestApp({ config: { files: limits, jobs: { sweepIntervalMs: day } } });
    store = await openStoreCounts(app);
  });
  after(async () => {
    await store.close();
    await app.stop();
  });
  beforeEach(async () => {
    caller = await app.signUp();
    client = clientOf(caller);
  });
  afterEach(async () => {
    app.deps.clock.now = () => Date.now();
    for await (const { id } of client.files.list()) await client.files.delete(id);
  });

  function clientOf({ key }: TestCaller): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }

  async function upload(bytes: number, name = 'notes.txt', purpose: OpenAI.FilePurpose = 'user_data') {
    return client.files.create({ file: await toFile(Buffer.alloc(bytes, 'a'), name), purpose });
  }

  /** A blob of one letter, which nobody refers to. */
  function storeByte(letter: string): Promise<BlobRef> {
    const upload = { content: bytesOf(letter), mediaType: 'text/plain', name: 'a.txt', maxBytes: 1 };
    return app.deps.blobs.put(caller.userId, upload, new AbortController().signal);
  }

  /** Days go by. */
  function passTime(milliseconds: number): void {
    app.deps.clock.now = () => Date.now() + milliseconds;
  }

  const purge = () => app.verbs.purgeExpired({}, buildCall({ principal: system }));
  const nothing = { blobs: 0, pieces: 0 };

  it('come back in the bytes and under the name they were uploaded with', async () => {
    const content = randomBytes(100 * KiB);
    const file = await client.files.create({
      file: await toFile(content, 'naïve plan.pdf', { type: 'application/pdf' }),
      purpose: 'user_data',
    });
    const { id, created_at, ...rest } = file;
    assert.match(id, /^file-/);
    assert.ok(Math.abs(created_at - Date.now() / 1_000) < 60);
    assert.deepEqual(rest, {
      object: 'file',
      bytes: content.length,
      expires_at: null,
      filename: 'naïve plan.pdf',
      purpose: 'user_data',
      status: 'processed',
      status_details: null,
    });
    assert.deepEqual({ ...(await client.files.retrieve(id)) }, { ...file });

    const answer = await client.files.content(id);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="na.+ plan\.pdf"/);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
  });

  it('are read in part where a range is asked for', async () => {
    const content = Buffer.from('0123456789');
    const { id } = await client.files.create({ file: await toFile(content, 'digits.txt'), purpose: 'user_data' });
    const part = await caller.request('GET', `/v1/files/${id}/content`, { headers: { range: 'bytes=3-5' } });
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, 'bytes 3-5/10']);
    assert.equal(await part.text(), '345');
  });

  it('are never shown as a page of ours, whatever their uploader says they are', async () => {
    const page = await toFile(Buffer.from('<script>'), 'page.html', { type: 'text/html' });
    const { id } = await client.files.create({ file: page, purpose: 'user_data' });
    const { headers } = await client.files.content(id);
    assert.match(headers.get('content-disposition') ?? '', /^attachment/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('are listed by page, order and purpose', async () => {
    const names = ['a.jsonl', 'b.txt', 'c.jsonl', 'd.jsonl'];
    for (const name of names) await upload(10, name, name.endsWith('.jsonl') ? 'batch' : 'user_data');

    const latestFirst: string[] = [];
    for await (const { filename } of client.files.list({ limit: 3 })) latestFirst.push(filename);
    assert.deepEqual(latestFirst, names.toReversed());

    const first = await client.files.list({ limit: 2, order: 'asc', purpose: 'batch' });
    assert.deepEqual([first.data.map(({ filename }) => filename), first.has_more], [['a.jsonl', 'c.jsonl'], true]);
    const second = await first.getNextPage();
    assert.deepEqual([second.data.map(({ filename }) => filename), second.has_more], [['d.jsonl'], false]);
  });

  it('are listed on from one that has been deleted since', async () => {
    const [first, second] = [await upload(10, 'first.txt'), await upload(10, 'second.txt')];
    await client.files.delete(first.id);
    const { data } = await client.files.list({ after: first.id, order: 'asc' });
    assert.deepEqual(
      data.map(({ id }) => id),
      [second.id],
    );
  });

  /** Made after `earlier`, of an id that is older than it; then `later`. */
  async function uploadAround(): Promise<Record<'earlier' | 'inParts' | 'later', string>> {
    const params = { filename: 'parts.txt', mime_type: 'text/plain', purpose: 'user_data' } as const;
    const begun = await client.uploads.create({ ...params, bytes: 3 });
    const part = await client.uploads.parts.create(begun.id, { data: await toFile(Buffer.from('one'), 'blob') });
    const earlier = await upload(10, 'earlier.txt');
    const { file } = await client.uploads.complete(begun.id, { part_ids: [part.id] });
    const later = await upload(10, 'later.txt');
    return { earlier: earlier.id, inParts: file?.id ?? '', later: later.id };
  }

  async function idsAfter(after: string, order: 'asc' | 'desc'): Promise<string[]> {
    return (await client.files.list({ after, order })).data.map(({ id }) => id);
  }

  it('are listed by when they were made, also where their ids are older', async () => {
    const { earlier, inParts, later } = await uploadAround();
    assert.ok(inParts < earlier);
    assert.deepEqual(await idsAfter(earlier, 'asc'), [inParts, later]);
    assert.deepEqual(await idsAfter(later, 'desc'), [inParts, earlier]);
  });

  it('are listed on from where one was that has been deleted since, also where its id is older', async () => {
    const { earlier, inParts, later } = await uploadAround();
    await client.files.delete(inParts);
    assert.deepEqual(await idsAfter(inParts, 'asc'), [later]);
    assert.deepEqual(await idsAfter(inParts, 'desc'), [earlier]);
  });

  it('are listed on from one that has been deleted for so long that only its id tells when it was made', async () => {
    const [first, second] = [await upload(10, 'first.txt'), await upload(10, 'second.txt')];
    await client.files.delete(first.id);
    const isKnown = async () => (await app.deps.files.expired(100)).some(({ id }) => id === first.id);
    passTime(30 * day - 60_000);
    assert.equal(await isKnown(), false);
    passTime(30 * day + 60_000);
    assert.equal(await isKnown(), true);
    await purge();
    assert.equal(await isKnown(), false);
    assert.deepEqual(await idsAfter(first.id, 'asc'), [second.id]);
  });

  it('are gone with their bytes when they are deleted', async () => {
    const { id } = await upload(10);
    assert.deepEqual(await client.files.delete(id), { id, object: 'file', deleted: true });
    for (const verb of ['retrieve', 'content', 'delete'] as const) {
      await assert.rejects(client.files[verb](id), { status: 404, param: 'id', message: /No such File object: file-/ });
    }
    assert.deepEqual(await store.counts(), nothing);
  });

  it('are gone when they expire, and swept', async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from('a'), 'short.txt'),
      purpose: 'user_data',
      expires_after: { anchor: 'created_at', seconds: 3_600 },
    });
    assert.equal((file.expires_at ?? 0) - file.created_at, 3_600);
    passTime(3_600_000 - 30_000);
    await client.files.retrieve(file.id);
    passTime(3_600_000 + 1_000);
    await assert.rejects(client.files.retrieve(file.id), { status: 404 });
    assert.deepEqual((await client.files.list()).data, []);
    await purge();
    assert.deepEqual(await store.counts(), nothing);
  });

  it('of a batch expire after 30 days, unless said otherwise', async () => {
    const { created_at, expires_at } = await upload(10, 'lines.jsonl', 'batch');
    assert.equal((expires_at ?? 0) - created_at, 30 * 24 * 3_600);
  });

  it('are taken up to the limit and not beyond, and what was refused is not kept', async () => {
    await upload(limits.maxBytes);
    await upload(limits.maxBatchBytes, 'lines.jsonl', 'batch');
    const before = await store.counts();
    await assert.rejects(upload(limits.maxBytes + 1), { status: 413, code: 'body_too_large', param: 'file' });
    await assert.rejects(upload(limits.maxBatchBytes + 1, 'lines.jsonl', 'batch'), {
      status: 413,
      code: 'body_too_large',
      param: 'file',
    });
    assert.deepEqual(await store.counts(), before);
  });

  it('of one user are taken up to what is kept for one, however many come at a time', async () => {
    const quarter = limits.maxStoredBytes / 4;
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => upload(quarter)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) assert.equal(reason.code, 'body_too_large');
    const kept = (await client.files.list()).data.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(kept <= limits.maxStoredBytes, `${kept} bytes`);

    for (const { id } of (await client.files.list()).data) await client.files.delete(id);
    for (let index = 0; index < 4; index += 1) await upload(quarter);
    await assert.rejects(upload(1), { status: 413, param: 'file', message: /Delete some/ });
  });

  it('are refused with the field at fault', async () => {
    const file = () => new File(['a'], 'a.txt');
    const forms: [param: string, fields: Record<string, string | File>][] = [
      ['file', { purpose: 'user_data' }],
      ['purpose', { file: file() }],
      ['purpose', { file: file(), purpose: 'batch_output' }],
      ['file', { file: file(), purpose: 'batch' }],
      ['expires_after.seconds', { file: file(), purpose: 'user_data', ...expiresAfter('3599') }],
      ['expires_after.seconds', { file: file(), purpose: 'user_data', ...expiresAfter('2592001') }],
      ['expires_after.anchor', { file: file(), purpose: 'user_data', 'expires_after[seconds]': '3600' }],
      ['colour', { file: file(), purpose: 'user_data', colour: 'red' }],
    ];
    for (const [param, fields] of forms) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const response = await caller.request('POST', '/v1/files', { body });
      const { error } = (await response.json()) as { error: { param: string } };
      assert.deepEqual([response.status, error.param], [400, param], JSON.stringify(fields));
    }
    assert.deepEqual(await store.counts(), nothing);
  });

  it('leave nothing behind when their upload is cut off', async () => {
    const head = [
      'POST /v1/files HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${caller.key}`,
      'Content-Type: multipart/form-data; boundary=b',
      `Content-Length: ${2_500 * KiB}`,
      '',
      '--b',
      'Content-Disposition: form-data; name="file"; filename="a.bin"',
      '',
      '',
    ].join('\r\n');
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(head);
    socket.write(Buffer.alloc(2_000 * KiB, 'a'));
    await waitFor('a piece to be stored', async () => (await store.counts()).pieces > 0);
    socket.destroy();
    await waitFor('the upload to be given up', async () => (await store.counts()).pieces === 0);
    passTime(2 * day);
    await purge();
    assert.deepEqual(await store.counts(), nothing);
    assert.deepEqual((await client.files.list()).data, []);
  });

  it('that are begun anew by a step that is repeated let go of what the first try held', async () => {
    const { userId } = caller;
    const now = Date.now();
    const kept = { name: 'a.txt', purpose: 'user_data', createdAt: now, expiresAt: null } as const;
    const facts = { id: 'file-repeated', ...kept };
    const blob = await storeByte('a');
    await app.deps.files.begin({ ...facts, ownerId: userId, blob }, now + 3_600_000);
    await app.deps.blobs.attach(userId, blob.id, `file:${facts.id}`);
    const file = await createFileStorage(app.deps).keep(userId, await storeByte('b'), facts);
    assert.deepEqual(await store.counts(), { blobs: 1, pieces: 1 });
    assert.equal(await (await client.files.content(file.id)).text(), 'b');
  });

  it('that were never finished are swept with what they hold', async () => {
    const blob = await storeByte('a');
    const now = Date.now();
    const file = { id: 'file-unfinished', ownerId: caller.userId, name: 'a.txt', purpose: 'user_data' } as const;
    await app.deps.files.begin({ ...file, blob, createdAt: now, expiresAt: null }, now + 3_600_000);
    await app.deps.blobs.attach(caller.userId, blob.id, `file:${file.id}`);
    assert.deepEqual((await client.files.list()).data, []);
    passTime(3_600_000 + 1_000);
    await purge();
    assert.deepEqual(await store.counts(), nothing);
  });
});

function expiresAfter(seconds: string): Record<string, string> {
  return { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': seconds };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
