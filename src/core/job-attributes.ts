/**
 * By what operators find a job in the workflow engine, beside its id, which is in that of its workflow. They are stored
 * there as they are: nothing secret belongs in them.
 */
export const jobAttributes = {
  owner: 'SwitchyardOwner',
  operation: 'SwitchyardOperation',
  model: 'SwitchyardModel',
  stage: 'SwitchyardStage',
} as const;
