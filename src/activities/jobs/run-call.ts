import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import { authorise } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import { storeError, toGatewayError } from '../../core/errors.ts';
import { invoke } from '../../core/invoke.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createProgressRecorder } from './progress-recorder.ts';
import { endpointOf, restoreRequest } from './stored-request.ts';

export interface RunCallDependencies {
  clock: { now(): number };
  jobs: JobRepository;
  blobs: BlobStore;
  principals: Principals;
  lifecycle: Lifecycle;
}

/** Runs a job's call as its owner would have: same declaration, same verb, same checks, on a worker. */
export function createRunCall(deps: RunCallDependencies, verbs: () => Verbs): Verbs['runCall'] {
  return async (ref, call) => {
    const job = await deps.lifecycle.begin(ref);
    if (!job) return;
    const run = { ...ref, run: job.run };
    const recorder = createProgressRecorder(deps.lifecycle, run, deps.clock.now);
    try {
      const endpoint = endpointOf(job.request.operation);
      const principal = await deps.principals.ofUser(ref.ownerId);
      authorise(principal, endpoint.permission);
      const request = await restoreRequest(deps.blobs, job);
      const inner = {
        ...call,
        principal,
        requestId: job.requestId,
        idempotencyKey: job.id,
        operation: job.request.operation,
        progress: recorder.record,
      };
      const answer = await invoke(endpoint, verbs(), request, inner);
      await recorder.flush();
      await deps.lifecycle.complete(run, answer);
    } catch (thrown) {
      if (call.signal.aborted) throw thrown;
      const error = toGatewayError(thrown);
      await deps.jobs.recordFailure(ref.ownerId, ref.jobId, job.run, storeError(error), deps.clock.now());
      throw error;
    }
  };
}
