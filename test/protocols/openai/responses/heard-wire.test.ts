import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { ResponseEvent } from '../../../../src/core/response.ts';
import { tellFailure } from '../../../../src/protocols/openai/responses/events.ts';
import { hearWire } from '../../../../src/protocols/openai/responses/heard-wire.ts';
import { responseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { beginTelling } from '../../../../src/protocols/openai/responses/telling.ts';

const created = {
  type: 'response.created',
  sequence_number: 0,
  response: { id: 'resp_up', created_at: 1_700_000_000 },
};
const delta = { type: 'response.output_text.delta', sequence_number: 7, delta: 'Hé' };

/** What is told of a failure after an upstream has told these events, in these pieces. */
function endOf(...pieces: readonly (readonly object[])[]): ResponseEvent[] {
  const text = (event: object) => `: ping\n\nevent: x\r\ndata: ${JSON.stringify(event)}\r\n\r\n`;
  const begun = beginTelling(responseRequest.parse({ model: 'm', input: 'x' }));
  const reached = pieces.reduce((heard, events) => hearWire(heard, Buffer.from(events.map(text).join(''))), begun);
  const [, events] = tellFailure(reached, new GatewayError('upstream_error', 'Cut off.'));
  return events.map(({ data }) => data as ResponseEvent);
}

describe('the end of a relayed answer that fails', () => {
  it('goes on from the events that were passed on, and is that of the same response', () => {
    const [error, failed] = endOf([created], [delta]);
    assert.deepEqual([error?.type, error?.sequence_number], ['error', 8]);
    assert.deepEqual([failed?.type, failed?.sequence_number], ['response.failed', 9]);
    assert.partialDeepStrictEqual(failed?.['response'], {
      id: 'resp_up',
      created_at: 1_700_000_000,
      status: 'failed',
      model: 'm',
    });
  });

  it('does not mind what is no event', () => {
    const begun = beginTelling(responseRequest.parse({ model: 'm', input: 'x' }));
    assert.deepEqual(hearWire(begun, Buffer.from(': ping\n\ndata: nothing\n\ndata: 3\n\n')), begun);
  });
});
