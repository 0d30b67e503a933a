import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerWriter } from '../../../../src/adapters/providers/translation/answer-writer.ts';
import { type AnswerReader, readAnswer } from '../../../../src/adapters/providers/translation/read-answer.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { usageOf } from '../../../../src/core/usage.ts';

/** Frames are `start`, `stop`, `fail`, or a text. */
class Frames implements AnswerReader<string> {
  readonly #writer = new AnswerWriter(new Set());
  #isComplete = false;

  read(frame: string) {
    if (frame === 'fail') throw new TypeError('not what was promised');
    if (frame === 'start') return this.#writer.start({ id: '', model: '', createdAt: 0 });
    if (frame !== 'stop') return this.#writer.write({ kind: 'text' }, frame);
    this.#isComplete = true;
    return [];
  }

  end() {
    return this.#isComplete ? this.#writer.end('stop', null, usageOf({})) : null;
  }
}

async function* framesOf(...frames: readonly string[]) {
  yield* frames;
}

async function typesOf(frames: AsyncIterable<string>): Promise<string[]> {
  return (await Array.fromAsync(readAnswer(frames, new Frames()))).map(({ type }) => type);
}

describe('the parts of an answer', () => {
  it('begin only when something has been said, so that another provider can still be asked', async () => {
    const seen: string[] = [];
    async function* frames() {
      yield 'start';
      seen.push('started');
      yield 'Hello';
      yield 'stop';
    }
    for await (const { type } of readAnswer(frames(), new Frames())) seen.push(type);
    assert.deepEqual(seen.slice(0, 3), ['started', 'start', 'block-start']);
  });

  it('begin at the end when nothing was said at all', async () => {
    assert.deepEqual(await typesOf(framesOf('start', 'stop')), ['start', 'finish', 'usage']);
  });

  it('do not end when the answer is not complete', async () => {
    await assert.rejects(
      typesOf(framesOf('start', 'Hello')),
      (error) => error instanceof GatewayError && error.code === 'upstream_error',
    );
  });

  it('fail as upstream_error where a frame is not what was promised', async () => {
    await assert.rejects(
      typesOf(framesOf('start', 'fail', 'stop')),
      (error) => error instanceof GatewayError && error.code === 'upstream_error' && error.cause instanceof TypeError,
    );
  });
});
