import type { JobSteps, JobVerbs, Verbs } from '../../core/verbs.ts';
import { type AdmissionTable, createAdmissions } from '../admissions.ts';
import type { Dependencies } from '../dependencies.ts';
import { createJobControl } from './control.ts';
import { createDispatcher } from './dispatcher.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createMaintenance, type MaintenanceDependencies } from './maintenance.ts';
import { createJobReading } from './read.ts';
import { createRunCall } from './run-call.ts';
import { createSubmitJob } from './submit.ts';

type JobDependencies = Dependencies & Pick<MaintenanceDependencies, 'purgeDeleted'>;

/** Everything about jobs, for callers and for workflows. `verbs` is asked when a job runs, not before. */
export function createJobVerbs(
  deps: JobDependencies,
  table: AdmissionTable,
  verbs: () => Verbs,
): { verbs: JobVerbs & JobSteps; lifecycle: Lifecycle } {
  const admissions = createAdmissions(table);
  const lifecycle = createLifecycle({ ...deps, admissions });
  const dispatcher = createDispatcher({ ...deps, lifecycle });
  const submitJob = createSubmitJob({ ...deps, admissions, dispatcher });
  return {
    lifecycle,
    verbs: {
      submitJob,
      ...createJobReading(deps),
      ...createJobControl({ ...deps, admissions, submitJob }),
      ...createMaintenance({ ...deps, dispatcher, lifecycle, admissions }),
      runCall: createRunCall({ ...deps, lifecycle }, verbs),
      async beginJob(ref, call) {
        const job = await lifecycle.begin(ref, call);
        return job && { ...ref, run: job.run };
      },
      async endJob({ outcome, error, ...ref }) {
        await lifecycle.fail(ref, outcome, error);
      },
    },
  };
}
