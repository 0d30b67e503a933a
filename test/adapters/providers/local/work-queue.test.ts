import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FromEncoder } from '../../../../src/adapters/providers/local/messages.ts';
import type { EncodedBatch } from '../../../../src/adapters/providers/local/sentence-encoder.ts';
import { createWorkQueue } from '../../../../src/adapters/providers/local/work-queue.ts';

/** Answers the length of each text as its vector, and lets the test decide when a batch ends. */
function createStubEncoder() {
  const batches: string[][] = [];
  let release: () => void = () => undefined;
  return {
    batches,
    release: () => release(),
    encoder: {
      async encode(texts: readonly string[]): Promise<EncodedBatch> {
        batches.push([...texts]);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        if (texts.includes('bad')) throw new Error('unreadable');
        return { vectors: texts.map((text) => Float32Array.of(text.length)), tokens: texts.length };
      },
    },
  };
}

function start(batchSize: number) {
  const stub = createStubEncoder();
  const replies: FromEncoder[] = [];
  const receive = createWorkQueue(stub.encoder, batchSize, (message) => replies.push(message));
  /** Lets batches end one after the other until nothing is left to do. */
  async function finish(work: Promise<void>): Promise<void> {
    let done = false;
    void work.then(() => {
      done = true;
    });
    while (!done) {
      stub.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { ...stub, replies, receive, finish };
}

describe('work queue of the model process', () => {
  it('answers vectors in the order of the texts, whatever the batches', async () => {
    const queue = start(2);
    await queue.finish(queue.receive({ type: 'encode', id: 1, texts: ['ccc', 'a', 'dddd', 'bb', 'eeeee'] }));
    assert.deepEqual(queue.replies, [{ type: 'encoded', id: 1, values: Float32Array.of(3, 1, 4, 2, 5), tokens: 5 }]);
  });

  it('puts texts of like length in one batch', async () => {
    const queue = start(2);
    await queue.finish(queue.receive({ type: 'encode', id: 1, texts: ['ccc', 'a', 'dddd', 'bb'] }));
    assert.deepEqual(queue.batches, [
      ['a', 'bb'],
      ['ccc', 'dddd'],
    ]);
  });

  it('takes calls in turns, so that a short one does not wait for a long one', async () => {
    const queue = start(1);
    const work = queue.receive({ type: 'encode', id: 1, texts: ['a', 'b', 'c', 'd'] });
    await queue.receive({ type: 'encode', id: 2, texts: ['x'] });
    await queue.finish(work);
    assert.deepEqual(
      queue.replies.map((reply) => reply.id),
      [2, 1],
    );
    assert.deepEqual(queue.batches.flat(), ['a', 'x', 'b', 'c', 'd']);
  });

  it('drops a cancelled call after the batch it is in', async () => {
    const queue = start(1);
    const work = queue.receive({ type: 'encode', id: 1, texts: ['a', 'b', 'c'] });
    await queue.receive({ type: 'cancel', id: 1 });
    await queue.finish(work);
    assert.deepEqual(queue.batches, [['a']]);
    assert.deepEqual(queue.replies, []);
  });

  it('fails the call whose batch fails and goes on with the others', async () => {
    const queue = start(1);
    const work = queue.receive({ type: 'encode', id: 1, texts: ['bad', 'never read'] });
    await queue.receive({ type: 'encode', id: 2, texts: ['ok'] });
    await queue.finish(work);
    assert.deepEqual(queue.replies, [
      { type: 'failed', id: 1, reason: 'Error: unreadable' },
      { type: 'encoded', id: 2, values: Float32Array.of(2), tokens: 1 },
    ]);
  });

  it('works on what comes after it had nothing to do', async () => {
    const queue = start(1);
    await queue.finish(queue.receive({ type: 'encode', id: 1, texts: ['a'] }));
    await queue.finish(queue.receive({ type: 'encode', id: 2, texts: ['b'] }));
    assert.equal(queue.replies.length, 2);
  });
});
