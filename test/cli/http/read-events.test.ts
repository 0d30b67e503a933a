import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEvents, type ServerSentEvent } from '../../../src/cli/http/read-events.ts';

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const at = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    yield bytes.slice(from, to);
    from = to;
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(inPieces(text, cuts))) events.push(event);
  return events;
}

test('comments and frames without data are no events', async () => {
  assert.deepEqual(await read('retry: 2000\n\n: ping\n\nid: 7\nevent: job.started\ndata: {}\n\n'), [
    { id: '7', event: 'job.started', data: '{}' },
  ]);
});

test('lines may end in any of three ways', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const [event] = await read(`data: a${end}data: b${end}${end}data: c${end}${end}`);
    assert.equal(event?.data, 'a\nb');
  }
});

test('a frame that is cut off is left out', async () => {
  assert.deepEqual(await read('data: whole\n\ndata: cut o'), [{ id: null, event: 'message', data: 'whole' }]);
});

test('the same events come however the bytes are cut', async () => {
  const text = 'id: 1\r\nevent: job.progress\r\ndata: {"a":"é€𝄞"}\r\n\r\nid: 2\ndata: x\ndata: y\n\n';
  const whole = await read(text);
  assert.equal(whole.length, 2);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000), { maxLength: 20 }), async (cuts) => {
      assert.deepEqual(await read(text, cuts), whole);
    }),
  );
});
