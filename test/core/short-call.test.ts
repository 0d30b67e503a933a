import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeParcel, openParcel, type ParcelStore } from '../../src/core/short-call.ts';

/** A store of one process, and how much was put into it. */
function createStore(): ParcelStore & { files: Uint8Array[] } {
  const files: Uint8Array[] = [];
  return {
    files,
    async put(bytes) {
      files.push(bytes);
      return { id: String(files.length - 1), bytes: bytes.byteLength, sha256: '', mediaType: '', name: null };
    },
    async *read(id) {
      const bytes = files[Number(id)] ?? new Uint8Array();
      // Cut inside of characters too.
      for (let start = 0; start < bytes.length; start += 1_001) yield bytes.subarray(start, start + 1_001);
    },
  };
}

test('what was packed comes out as it was, bytes and vectors too', async () => {
  const store = createStore();
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  const item = fc.oneof(json, fc.uint8Array(), fc.float32Array({ noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(item), async (value) => {
      assert.deepEqual(await openParcel(store, await makeParcel(store, value)), value);
    }),
  );
});

test('bytes of any kind come out as bytes', async () => {
  const store = createStore();
  const opened = await openParcel(store, await makeParcel(store, { bytes: Buffer.from('é') }));
  assert.deepEqual(opened, { bytes: Uint8Array.of(0xc3, 0xa9) });
});

test('a small parcel travels by itself', async () => {
  const store = createStore();
  assert.ok('text' in (await makeParcel(store, { a: 1 })));
  assert.equal(store.files.length, 0);
});

test('a large one is a file, and comes out whole', async () => {
  const store = createStore();
  const value = { text: 'é☃'.repeat(20_000), bytes: new Uint8Array(100_000).fill(7) };
  const parcel = await makeParcel(store, value);
  assert.ok('blob' in parcel);
  assert.deepEqual(await openParcel(store, parcel), value);
});

test('the line is at 16 KiB, in bytes', async () => {
  const store = createStore();
  /** A text that becomes a parcel of so many bytes: the mark, a line feed and two quotes are with it. */
  const ofBytes = (bytes: number) => `é${'x'.repeat(bytes - 36 - 1 - 2 - 2)}`;
  assert.ok('text' in (await makeParcel(store, ofBytes(16_384))));
  assert.ok('blob' in (await makeParcel(store, ofBytes(16_385))));
});

test('what a caller writes is never taken for bytes', async () => {
  const store = createStore();
  const value = { $bytes: 'AAAA', 'bytes ': 'x', vector: [1], nested: { $vector: '!' } };
  assert.deepEqual(await openParcel(store, await makeParcel(store, value)), value);
});
