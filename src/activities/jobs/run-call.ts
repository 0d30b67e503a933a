import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import { authorise } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call, Served } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Endpoint, StreamForm } from '../../core/endpoint.ts';
import { storeError, toGatewayError } from '../../core/errors.ts';
import { answer as answerOf, begin, invoke, type ValidRequest } from '../../core/invoke.ts';
import type { JobRun } from '../../core/job.ts';
import { servedHeaders } from '../../core/served.ts';
import type { Verbs } from '../../core/verbs.ts';
import { isOutage, type OutageDependencies } from '../outage.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createOutputRecorder } from './output-recorder.ts';
import { createProgressRecorder } from './progress-recorder.ts';
import { endpointOf, restoreRequest } from './stored-request.ts';

export interface RunCallDependencies extends OutageDependencies {
  clock: { now(): number };
  jobs: JobRepository;
  blobs: BlobStore;
  principals: Pick<Principals, 'ofUser'>;
  lifecycle: Lifecycle;
}

/** Runs a job's call as its owner would have: same declaration, same verb, same checks, on a worker. */
export function createRunCall(deps: RunCallDependencies, verbs: () => Verbs): Verbs['runCall'] {
  /** The answer is what it would be without a stream; the stream goes to the job's log while it comes into being. */
  async function stream(endpoint: Endpoint, form: StreamForm, request: ValidRequest, call: Call, run: JobRun) {
    const recorder = createOutputRecorder(deps.lifecycle, run, form, request.body);
    // An upstream's own bytes could not be told from here; its answer is put into words.
    const output = begin(endpoint, verbs(), { ...request, bytes: null }, call) as AsyncIterable<unknown>;
    const parts: unknown[] = [];
    try {
      for await (const part of output) {
        parts.push(part);
        recorder.part(part);
      }
    } catch (thrown) {
      await recorder.stop();
      throw thrown;
    }
    await recorder.end();
    return answerOf(endpoint, parts, request);
  }

  return async (ref, call) => {
    const job = await deps.lifecycle.begin(ref, call);
    if (!job) return;
    const run = { ...ref, run: job.run };
    const recorder = createProgressRecorder(deps.lifecycle, run, deps.clock.now);
    let headers: Record<string, string> = {};
    try {
      const endpoint = endpointOf(job.request.operation);
      const principal = await deps.principals.ofUser(ref.ownerId);
      authorise(principal, endpoint.permission);
      const request = await restoreRequest(deps.blobs, job);
      const inner = {
        ...call,
        principal: { ...principal, keyId: job.keyId },
        requestId: job.requestId,
        idempotencyKey: job.id,
        unit: job.id,
        operation: job.request.operation,
        progress: recorder.record,
        served: (by: Served) => {
          headers = servedHeaders(by);
        },
      };
      crashPoint('call.intended.before_call');
      const answer = endpoint.stream?.when(request.body)
        ? await stream(endpoint, endpoint.stream, request, inner, run)
        : await invoke(endpoint, verbs(), request, inner);
      crashPoint('call.answered.before_progress');
      await recorder.flush();
      crashPoint('call.reported.before_result');
      await deps.lifecycle.complete(run, answer, headers);
    } catch (thrown) {
      // An engine of ours that is away is no fault of the call's: the step is given back, and no failure is written down.
      if (call.signal.aborted || isOutage(deps, thrown)) throw thrown;
      const error = toGatewayError(thrown);
      crashPoint('call.failed.before_record');
      await deps.lifecycle.attemptFailed(run, storeError(error));
      throw error;
    }
  };
}
