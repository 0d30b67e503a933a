import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isTerminal, jobStatuses, mayBecome, sourcesOf, terminalStatuses } from '../../src/core/job.ts';

const status = fc.constantFrom(...jobStatuses);

/** The moves of the contract, written down once more by hand. */
const legal = new Set([
  'queued in_progress',
  'queued cancelled',
  'queued expired',
  'queued failed',
  'in_progress in_progress',
  'in_progress cancelling',
  'in_progress completed',
  'in_progress failed',
  'in_progress expired',
  'cancelling cancelled',
  'cancelling completed',
  'cancelling failed',
  'cancelling expired',
]);

describe('job transitions', () => {
  it('allows exactly the moves of the contract, over all pairs', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        assert.equal(mayBecome(from, to), legal.has(`${from} ${to}`), `${from} -> ${to}`);
      }),
    );
  });

  it('lets a terminal status become nothing', () => {
    for (const from of terminalStatuses) for (const to of jobStatuses) assert.equal(mayBecome(from, to), false);
  });

  it('reaches a terminal status from every status', () => {
    for (const start of jobStatuses) {
      const reached = new Set([start]);
      for (const from of reached) for (const to of jobStatuses) if (mayBecome(from, to)) reached.add(to);
      assert.ok([...reached].some(isTerminal), start);
    }
  });

  it('names as sources of a status those that may become it', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        assert.equal(sourcesOf(to).includes(from), mayBecome(from, to));
      }),
    );
  });
});
