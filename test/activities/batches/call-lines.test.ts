import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCallLines } from '../../../src/activities/batches/call-lines.ts';
import type { FileLine } from '../../../src/activities/batches/line-reader.ts';
import { parseConfig } from '../../../src/config.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { buildBatch } from '../../helpers/batch-state.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';

const work = createCallLines({ config: parseConfig({}) }, () => ({}) as Verbs);
const owner = buildUserCall().principal;
const request = { params: {}, query: {}, files: {}, body: null, bytes: null };

function weigh(target: string, body: object): { weight: number; bytes: number } {
  const bytes = Buffer.from(JSON.stringify({ custom_id: 'a', method: 'POST', url: target, body }));
  const line: FileLine = { number: 1, from: 0, to: bytes.byteLength, bytes };
  const batch = { job: buildJob(), state: buildBatch({ target }), request, owner };
  return { weight: work.weight([line], batch), bytes: bytes.byteLength };
}

describe('a line that is to be called', () => {
  it('weighs some times what it has of bytes', () => {
    const { weight, bytes } = weigh('/v1/chat/completions', { model: 'm', messages: [] });
    assert.equal(weight, 4 * bytes);
  });

  for (const [name, body, vectors] of [
    ['one text', { input: 'a' }, 1_536],
    ['several texts', { input: ['a', 'b', 'c'] }, 3 * 1_536],
    ['one text as tokens', { input: [1, 2, 3] }, 1_536],
    ['several texts as tokens', { input: [[1, 2], [3]] }, 2 * 1_536],
    ['as many dimensions as it wants', { input: ['a', 'b'], dimensions: 10 }, 2 * 10],
    ['as many as any model has', { input: 'a', dimensions: 16_384 }, 16_384],
    ['more dimensions than any model has', { input: 'a', dimensions: 16_385 }, 1_536],
    ['dimensions that there cannot be', { input: 'a', dimensions: -1e308 }, 1_536],
    ['dimensions that are no number', { input: 'a', dimensions: '8' }, 1_536],
  ] as const) {
    it(`weighs what its vectors will: ${name}`, () => {
      const { weight, bytes } = weigh('/v1/embeddings', { model: 'm', ...body });
      assert.equal(weight, 4 * bytes + vectors * 50);
    });
  }
});
