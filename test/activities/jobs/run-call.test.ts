import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRunCall, type RunCallDependencies } from '../../../src/activities/jobs/run-call.ts';
import { GatewayError, type StoredError } from '../../../src/core/errors.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';

class StoreAway extends Error {}

/** Runs a job whose owner cannot be read; answers what was thrown, and the failures that were written down. */
async function runWith(failure: Error) {
  const failures: StoredError[] = [];
  const deps = {
    clock: { now: () => 0 },
    isStoreOutage: (error: unknown) => error instanceof StoreAway,
    principals: { ofUser: () => Promise.reject(failure) },
    lifecycle: {
      begin: async () => buildJob(),
      attemptFailed: async (_run: unknown, error: StoredError) => void failures.push(error),
    },
  } as unknown as RunCallDependencies;
  const runCall = createRunCall(deps, () => ({}) as Verbs);
  const thrown = await runCall({ ownerId: 1, jobId: buildJob().id }, buildCall()).then(
    () => null,
    (error: unknown) => error,
  );
  return { thrown, failures };
}

describe('a step that runs the call of a job', () => {
  it('leaves an outage of the store to be told as one: it is no failed attempt', async () => {
    const away = new StoreAway('pool cleared');
    assert.deepEqual(await runWith(away), { thrown: away, failures: [] });
  });

  it('leaves the outage of any other engine of ours to be told as one', async () => {
    const away = new GatewayError('unavailable', 'Search is not available.');
    assert.deepEqual(await runWith(away), { thrown: away, failures: [] });
  });

  it('writes any other failure down, in words for the caller', async () => {
    const { failures } = await runWith(new TypeError('a bug'));
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['internal_error'],
    );
  });
});
