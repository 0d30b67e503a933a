import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { jobAttributes } from '../core/job-attributes.ts';

const stageKey = { name: jobAttributes.stage, type: 'KEYWORD' } as const;

export interface Stage {
  /** One of its steps is done. */
  advance(): void;
}

/**
 * Shows operators in the engine's UI where a job is. A job that was started without attributes gets none later: a server
 * that does not know their names would hold the workflow up. `alreadyDone` of the steps were taken before the workflow
 * continued as new.
 */
export function enterStage(name: string, steps: number, alreadyDone = 0): Stage {
  let done = alreadyDone;
  const show = () => setCurrentDetails(`**${name}**: ${done} of ${steps} steps done`);
  if (workflowInfo().typedSearchAttributes.get(stageKey) !== undefined) {
    upsertSearchAttributes([{ key: stageKey, value: name }]);
  }
  show();
  return {
    advance() {
      done += 1;
      show();
    },
  };
}
