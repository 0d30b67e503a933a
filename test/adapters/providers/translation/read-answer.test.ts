import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineReader } from '../../../../src/adapters/http/line-reader.ts';
import { AnswerWriter } from '../../../../src/adapters/providers/translation/answer-writer.ts';
import {
  type AnswerReader,
  readAnswer,
  type StreamedAnswer,
} from '../../../../src/adapters/providers/translation/read-answer.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { usageOf } from '../../../../src/core/usage.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

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

  isOver() {
    return this.#isComplete;
  }

  end() {
    return this.#isComplete ? this.#writer.end('stop', null, usageOf({})) : null;
  }
}

function partsOf(body: AsyncIterable<Uint8Array>, release = () => {}) {
  const answer: StreamedAnswer = { body, release };
  return readAnswer(async () => answer, new LineReader(), new Frames());
}

async function* inPieces(...pieces: readonly string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function typesOf(...pieces: readonly string[]): Promise<string[]> {
  return (await Array.fromAsync(partsOf(inPieces(...pieces)))).map(({ type }) => type);
}

describe('the parts of an answer', () => {
  it('begin only when something has been said, so that another provider can still be asked', async () => {
    const seen: string[] = [];
    async function* body() {
      yield Buffer.from('start\n');
      seen.push('started');
      yield Buffer.from('Hello\n');
      yield Buffer.from('stop\n');
    }
    for await (const { type } of partsOf(body())) seen.push(type);
    assert.deepEqual(seen.slice(0, 3), ['started', 'start', 'block-start']);
  });

  it('begin at the end when nothing was said at all', async () => {
    assert.deepEqual(await typesOf('start\n', 'stop\n'), ['start', 'finish', 'usage']);
  });

  it('are those of the last frame too, also without an end of its own', async () => {
    assert.deepEqual((await typesOf('start\nHello\nst', 'op')).slice(-2), ['finish', 'usage']);
  });

  it('end with the answer, and the upstream is let go of, though it says more or does not end', async () => {
    let released = 0;
    async function* body() {
      yield Buffer.from('start\nHello\nstop\nmore\n');
      yield assert.fail('was read on');
    }
    const parts = await Array.fromAsync(partsOf(body(), () => (released += 1)));
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'block-start', 'block-delta', 'block-end', 'finish', 'usage'],
    );
    assert.equal(released, 1);
  });

  it('come before the failure that came in one piece with them', async () => {
    const seen: string[] = [];
    const reading = async () => {
      for await (const { type } of partsOf(inPieces('start\nHello\nfail\n'))) seen.push(type);
    };
    await assert.rejects(reading, isUpstreamError);
    assert.deepEqual(seen, ['start', 'block-start', 'block-delta']);
  });

  it('do not end when the answer is not complete', async () => {
    await assert.rejects(typesOf('start\n', 'Hello\n'), isUpstreamError);
  });

  it('fail as upstream_error where a frame is not what was promised', async () => {
    await assert.rejects(
      typesOf('start\n', 'fail\n', 'stop\n'),
      (error) => isUpstreamError(error) && (error as GatewayError).cause instanceof TypeError,
    );
  });
});
