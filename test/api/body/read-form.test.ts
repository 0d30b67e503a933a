import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { BlobRef, BlobUpload } from '../../../src/core/blob.ts';
import type { NewDocument } from '../../../src/core/collection.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { JobSubmission } from '../../../src/core/job.ts';
import { asUser, type EchoError, jsonOf, startTestApi, type TestApiOptions } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';
import { completedJob } from '../../helpers/jobs.ts';

interface Store {
  kept: Map<string, Buffer>;
  broken: unknown[];
}

/** Keeps whole uploads in memory, and nothing of one that breaks. */
function storeBlobIn({ kept, broken }: Store) {
  return async (upload: BlobUpload): Promise<BlobRef> => {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const part of upload.content) {
        bytes += part.length;
        if (bytes > upload.maxBytes) throw new GatewayError('body_too_large', 'The file is too large.');
        parts.push(part);
      }
    } catch (error) {
      broken.push(error);
      throw error;
    }
    const content = Buffer.concat(parts);
    const id = `blob-${kept.size}`;
    kept.set(id, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { id, bytes, sha256, mediaType: upload.mediaType, name: upload.name };
  };
}

async function startUploads(context: TestContext, http: TestApiOptions['http'] = {}) {
  const store: Store = { kept: new Map(), broken: [] };
  const submissions: JobSubmission[] = [];
  const documents: NewDocument[] = [];
  const api = await startTestApi(context, {
    dialects: [echo],
    http,
    verbs: {
      storeBlob: storeBlobIn(store),
      submitJob: async (submission) => {
        submissions.push(submission);
        return { job: completedJob({ endpoint: '/echo/documents' }), isReplayed: false };
      },
      createDocument: async (document) => {
        documents.push(document);
        return { id: 5 };
      },
    },
  });
  const send = (form: FormData) => fetch(`${api.url}/echo/documents`, { method: 'POST', headers: asUser, body: form });
  return { ...api, ...store, submissions, documents, send };
}

function formOf(fields: [name: string, value: string | Blob, fileName?: string][]): FormData {
  const form = new FormData();
  for (const [name, value, fileName] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  return form;
}

const file = (bytes: number) => new Blob([randomBytes(bytes)], { type: 'application/pdf' });

test('a file is stored as it came and handed on by reference', async (t) => {
  const { send, kept, submissions } = await startUploads(t);
  const content = randomBytes(300_000);
  const form = formOf([
    ['collection', '4'],
    ['file', new Blob([content], { type: 'application/pdf' }), 'report.pdf'],
  ]);
  assert.equal((await send(form)).status, 200);
  const stored = submissions[0]?.request.files['file'];
  assert.deepEqual(kept.get(stored?.id ?? ''), content);
  assert.deepEqual([stored?.name, stored?.mediaType, stored?.bytes], ['report.pdf', 'application/pdf', 300_000]);
});

test('text fields are the body, whichever side of the file they stand on', async (t) => {
  const { send, submissions } = await startUploads(t);
  await send(
    formOf([
      ['file', file(10), 'a.pdf'],
      ['collection', '4'],
    ]),
  );
  assert.deepEqual(submissions[0]?.request.body, { collection: '4' });
});

test('a repeated field is a list', async (t) => {
  const { send, documents } = await startUploads(t);
  await send(
    formOf([
      ['collection', '4'],
      ['separators', 'a'],
      ['separators', 'b'],
    ]),
  );
  assert.equal(documents[0]?.name, 'a|b');
});

test('a field with brackets is a list, however often it comes', async (t) => {
  const { send, documents, submissions } = await startUploads(t);
  await send(
    formOf([
      ['collection', '4'],
      ['separators[]', 'a'],
      ['file', file(1), 'a'],
    ]),
  );
  await send(
    formOf([
      ['collection', '4'],
      ['separators[]', 'a'],
      ['separators', 'b'],
    ]),
  );
  assert.deepEqual(submissions[0]?.request.body, { collection: '4', separators: ['a'] });
  assert.equal(documents[0]?.name, 'a|b');
});

test('JSON is taken where no file is needed', async (t) => {
  const { url, documents } = await startUploads(t);
  const response = await fetch(`${url}/echo/documents`, {
    method: 'POST',
    headers: { ...asUser, 'content-type': 'application/json' },
    body: '{"collection":4}',
  });
  assert.equal(response.status, 201);
  assert.equal(documents[0]?.collectionId, 4);
});

test('a file as large as the limit is stored', async (t) => {
  const { send } = await startUploads(t, { maxFileBytes: 100_000 });
  assert.equal(
    (
      await send(
        formOf([
          ['collection', '4'],
          ['file', file(100_000), 'a'],
        ]),
      )
    ).status,
    200,
  );
});

test('a file one byte beyond the limit is refused, and nothing of it is left', async (t) => {
  const { send, kept, broken } = await startUploads(t, { maxFileBytes: 100_000 });
  const response = await send(
    formOf([
      ['collection', '4'],
      ['file', file(100_001), 'a'],
    ]),
  );
  assert.equal(response.status, 413);
  assert.deepEqual([kept.size, broken.length], [0, 1]);
});

test('a refusal is answered although the caller is still sending', async (t) => {
  const { send, kept } = await startUploads(t, { maxFileBytes: 1_000 });
  const response = await send(formOf([['file', file(20_000_000), 'a']]));
  assert.equal((await jsonOf<EchoError>(response)).echo, 'body_too_large');
  assert.equal(kept.size, 0);
});

test('a file under a name that the endpoint does not know is refused by that name', async (t) => {
  const { send, submissions } = await startUploads(t);
  const response = await send(
    formOf([
      ['collection', '4'],
      ['picture', file(10), 'a.png'],
    ]),
  );
  const { echo: code, param, message } = await jsonOf<EchoError>(response);
  assert.deepEqual(
    [code, param, message],
    ['invalid_request', 'picture', "Unknown file field 'picture'. Expected 'file'."],
  );
  assert.equal(submissions.length, 0);
});

test('a second file under the same name is refused', async (t) => {
  const { send } = await startUploads(t);
  const response = await send(
    formOf([
      ['collection', '4'],
      ['file', file(10), 'a'],
      ['file', file(10), 'b'],
    ]),
  );
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).param], [400, 'file']);
});

test('as many fields as the limit are read', async (t) => {
  const { send } = await startUploads(t, { maxFields: 5 });
  const separators = Array.from({ length: 4 }, () => ['separators', 'x'] as [string, string]);
  assert.equal((await send(formOf([['collection', '4'], ...separators]))).status, 201);
});

test('one field beyond the limit is refused', async (t) => {
  const { send } = await startUploads(t, { maxFields: 5 });
  const separators = Array.from({ length: 5 }, () => ['separators', 'x'] as [string, string]);
  assert.equal((await send(formOf([['collection', '4'], ...separators]))).status, 413);
});

test('a hundred thousand parts are refused', async (t) => {
  const { url } = await startUploads(t);
  const headers = { ...asUser, 'content-type': 'multipart/form-data; boundary=b' };
  const body = '--b\r\ncontent-disposition: form-data; name="separators"\r\n\r\nx\r\n'.repeat(100_000);
  const response = await fetch(`${url}/echo/documents`, { method: 'POST', headers, body });
  assert.equal(response.status, 413);
});

test('a field as long as the limit is read', async (t) => {
  const { send } = await startUploads(t, { maxFieldBytes: 1_000 });
  assert.equal(
    (
      await send(
        formOf([
          ['collection', '4'],
          ['separators', 'x'.repeat(1_000)],
        ]),
      )
    ).status,
    201,
  );
});

test('a field one byte beyond the limit is refused by name', async (t) => {
  const { send } = await startUploads(t, { maxFieldBytes: 1_000 });
  const response = await send(
    formOf([
      ['collection', '4'],
      ['separators', 'x'.repeat(1_001)],
    ]),
  );
  assert.deepEqual([response.status, (await jsonOf<EchoError>(response)).param], [413, 'separators']);
});

test('fields that are too large together are refused', async (t) => {
  const { send } = await startUploads(t, { maxInferenceBodyBytes: 2_500 });
  const separators = Array.from({ length: 3 }, () => ['separators', 'x'.repeat(900)] as [string, string]);
  assert.equal((await send(formOf([['collection', '4'], ...separators]))).status, 413);
});

test('a field named __proto__ is refused', async (t) => {
  const { send } = await startUploads(t);
  const response = await send(
    formOf([
      ['collection', '4'],
      ['__proto__', 'x'],
    ]),
  );
  assert.equal((await jsonOf<EchoError>(response)).echo, 'malformed_body');
});

test('a form without a boundary is refused as malformed', async (t) => {
  const { url } = await startUploads(t);
  const headers = { ...asUser, 'content-type': 'multipart/form-data' };
  const response = await fetch(`${url}/echo/documents`, { method: 'POST', headers, body: 'x' });
  assert.equal((await jsonOf<EchoError>(response)).echo, 'malformed_body');
});

test('a form that ends too early is refused as malformed, and nothing is left', async (t) => {
  const { url, kept } = await startUploads(t);
  const headers = { ...asUser, 'content-type': 'multipart/form-data; boundary=b' };
  const body = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
  const response = await fetch(`${url}/echo/documents`, { method: 'POST', headers, body });
  assert.equal((await jsonOf<EchoError>(response)).echo, 'malformed_body');
  assert.equal(kept.size, 0);
});

test('an upload whose caller goes away is broken off, and nothing is left', async (t) => {
  const { url, server, kept, broken } = await startUploads(t);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const [req] = await Promise.all([
    once(server, 'request'),
    socket.write(
      'POST /echo/documents HTTP/1.1\r\nhost: a\r\nauthorization: Bearer good\r\ncontent-length: 100000\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
    ),
  ]);
  const closed = once(req[1], 'close');
  socket.destroy();
  await closed;
  await t.waitFor(() => assert.equal(broken.length, 1));
  assert.equal(kept.size, 0);
});

test('a caller who may not store files is told so', async (t) => {
  const { url } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      storeBlob: async () => {
        throw new GatewayError('unsupported_operation', 'Use the key of a user.');
      },
    },
  });
  const body = formOf([['file', file(5_000_000), 'a']]);
  const response = await fetch(`${url}/echo/documents`, { method: 'POST', headers: asUser, body });
  assert.equal((await jsonOf<EchoError>(response)).echo, 'unsupported_operation');
});
