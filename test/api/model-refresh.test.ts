import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startModelRefresh } from '../../src/api/model-refresh.ts';
import type { Call } from '../../src/core/call.ts';
import { buildCall } from '../helpers/calls.ts';
import { waitFor } from '../helpers/wait-for.ts';

const { log } = buildCall();

/** Verbs that answer the next of these each time: complete or not, or an error. */
function answering(...answers: (boolean | Error)[]) {
  const calls: Call[] = [];
  const refreshModels = async (_input: Record<string, never>, call: Call) => {
    const answer = answers[calls.length] ?? true;
    calls.push(call);
    if (answer instanceof Error) throw answer;
    return { complete: answer };
  };
  return { calls, verbs: { refreshModels } };
}

describe('the refresh of models', () => {
  it('is tried again until it is complete, and then no more', async () => {
    const { calls, verbs } = answering(false, new Error('the store is away'), true);
    const refresh = startModelRefresh(verbs, log, 1);
    await refresh.tried;
    await waitFor('three tries', () => calls.length === 3);
    await refresh.stop();
    assert.equal(calls.length, 3);
  });

  it('works as nobody, under an id of its own', async () => {
    const { calls, verbs } = answering(true);
    await startModelRefresh(verbs, log).tried;
    assert.equal(calls[0]?.principal.kind, 'system');
    assert.match(calls[0]?.requestId ?? '', /^refresh_/);
  });

  it('is given up when it is stopped', async () => {
    const { calls, verbs } = answering(false);
    const refresh = startModelRefresh(verbs, log, 60_000);
    await refresh.tried;
    await refresh.stop();
    assert.equal(calls[0]?.signal.aborted, true);
    assert.equal(calls.length, 1);
  });
});
