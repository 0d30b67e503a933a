import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BatchFault } from '../../../../src/core/batch.ts';
import { deadlineError, GatewayError, storeError } from '../../../../src/core/errors.ts';
import { presentBatch } from '../../../../src/protocols/openai/batches/batch-object.ts';
import { buildBatch } from '../../../helpers/batch-state.ts';
import { buildJob } from '../../../helpers/jobs.ts';

const error = storeError(new GatewayError('permission_denied', 'The account no longer exists.', { param: 'model' }));
const fault: BatchFault = { code: 'invalid_body', line: 3, message: 'no object', param: 'body' };

describe('the errors of a batch', () => {
  it('are why it failed, where that is no fault of its lines', () => {
    const { errors } = presentBatch(buildJob({ status: 'failed', error, batch: buildBatch() }));
    const { code, message, param } = error;
    assert.deepEqual(errors, { object: 'list', data: [{ code, line: null, message, param }] });
  });

  it('are the faults of its lines and nothing else, where there are any', () => {
    const { errors } = presentBatch(buildJob({ status: 'failed', error, batch: buildBatch({ faults: [fault] }) }));
    assert.deepEqual(errors, { object: 'list', data: [fault] });
  });

  it('are none where its status says it all', () => {
    const expired = buildJob({ status: 'expired', error: deadlineError, batch: buildBatch() });
    assert.equal(presentBatch(expired).errors, null);
    assert.equal(presentBatch(buildJob({ status: 'completed', batch: buildBatch() })).errors, null);
  });
});
