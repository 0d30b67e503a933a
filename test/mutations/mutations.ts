/** Guards, each with the edit that takes it away and the smallest tests that must then fail. */

export interface Mutation {
  guard: string;
  file: string;
  /** Stands once in the file. */
  from: string;
  to: string;
  /** Arguments of node; run from the project's folder. */
  test: readonly string[];
}

const tests = (file: string, name: string) => ['--test', '--test-timeout=300000', `--test-name-pattern=${name}`, file];
const simulation = (seeds: number) => ['test/simulation/run.ts', '--seeds', String(seeds)];

export const mutations: readonly Mutation[] = [
  {
    guard: 'one job per idempotency key (unique index)',
    file: 'src/adapters/mongo/job-record.ts',
    from: "{ unique: true, partialFilterExpression: { idempotencyKey: { $type: 'string' } } }",
    to: "{ partialFilterExpression: { idempotencyKey: { $type: 'string' } } }",
    test: tests('test/engines/jobs/repository.test.ts', 'one job of many submissions'),
  },
  {
    guard: 'an overtaken run cannot end the job (fencing)',
    file: 'src/adapters/mongo/jobs.ts',
    from: '{ ownerId, id, status: { $in: sourcesOf(status) }, ...fenced }',
    to: '{ ownerId, id, status: { $in: sourcesOf(status) }, ...(fenced && {}) }',
    test: tests('test/engines/jobs/repository.test.ts', 'overtaken run'),
  },
  {
    guard: 'a try that was given up cannot take the job over (fencing)',
    file: 'src/adapters/mongo/jobs.ts',
    from: '...isLatest, ...isAsRead }',
    to: '...(isLatest && {}), ...isAsRead }',
    test: tests('test/engines/jobs/repository.test.ts', 'later tries only'),
  },
  {
    guard: 'a job is begun first by one of two who read that nobody had',
    file: 'src/adapters/mongo/jobs.ts',
    from: '...isLatest, ...isAsRead }',
    to: '...isLatest, ...(isAsRead && {}) }',
    test: tests('test/engines/jobs/repository.test.ts', 'has not read that it was begun'),
  },
  {
    guard: 'a try that was given up does not end a job that is cancelled meanwhile',
    file: 'src/activities/jobs/lifecycle.ts',
    from: "job.status !== 'cancelling' || hasLaterTry(job, scheduledAt)",
    to: "job.status !== 'cancelling'",
    test: tests('test/engines/jobs/takeover.test.ts', 'by no earlier one'),
  },
  {
    guard: 'a batch that is cancelled is ended by its own last step',
    file: 'src/activities/jobs/lifecycle.ts',
    from: 'if (job.batch === null) await fail',
    to: 'await fail',
    test: tests('test/engines/batches/overtaken.test.ts', 'keeps what was answered'),
  },
  {
    guard: 'a step that was overtaken leaves the lines of its batch',
    file: 'src/activities/batches/finish.ts',
    from: 'await openOrForget(run);\n    },',
    to: 'await forgetLines(job);\n    },',
    test: tests('test/engines/batches/overtaken.test.ts', 'leaves the lines'),
  },
  {
    guard: 'a step that was overtaken notes nothing of its batch (fencing)',
    file: 'src/activities/batches/finish.ts',
    from: 'const finalized = await finalize(job, run.run, call);',
    to: 'const finalized = await finalize(job, null, call);',
    test: tests('test/engines/batches/overtaken.test.ts', 'leaves the lines'),
  },
  {
    guard: 'a job that has ended never changes (condition on the state)',
    file: 'src/adapters/mongo/jobs.ts',
    from: '{ ownerId, id, status: { $in: sourcesOf(status) }, ...fenced }',
    to: '{ ownerId, id, ...fenced }',
    test: tests('test/engines/jobs/repository.test.ts', 'never changes status'),
  },
  {
    guard: 'acknowledged writes are on the journal of a majority',
    file: 'src/adapters/mongo/connection.ts',
    from: "writeConcern: { w: 'majority', journal: true }",
    to: 'writeConcern: { w: 1 }',
    test: tests('test/engines/guards.test.ts', 'journal of a majority'),
  },
  {
    guard: 'a workflow that has ended is not begun anew (reuse policy)',
    file: 'src/adapters/temporal/client.ts',
    from: 'WorkflowIdReusePolicy.REJECT_DUPLICATE',
    to: 'WorkflowIdReusePolicy.ALLOW_DUPLICATE',
    test: tests('test/engines/guards.test.ts', 'not begun anew'),
  },
  {
    guard: 'a workflow that runs is not replaced (conflict policy)',
    file: 'src/adapters/temporal/client.ts',
    from: 'REJECT_DUPLICATE,\n        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING',
    to: 'REJECT_DUPLICATE,\n        workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING',
    test: tests('test/engines/guards.test.ts', 'goes on when'),
  },
  {
    guard: 'a job is stored before its workflow is started (outbox order)',
    file: 'src/activities/jobs/submit.ts',
    from: 'const accepted = await deps.jobs.accept(draft, fingerprint);',
    to: 'deps.dispatcher.soon(draft);\n    const accepted = await deps.jobs.accept(draft, fingerprint);',
    test: simulation(50),
  },
  {
    guard: 'one event per number (unique index)',
    file: 'src/adapters/mongo/job-record.ts',
    from: 'eventSchema.index({ jobId: 1, sequence: 1 }, { unique: true });',
    to: 'eventSchema.index({ jobId: 1, sequence: 1 });',
    test: tests('test/engines/guards.test.ts', 'second event'),
  },
  {
    guard: 'a usage record that is written again is the same (unique id)',
    file: 'src/adapters/mongo/usage.ts',
    from: '      _id: id,\n      ...record,\n      userEmail',
    to: '      _id: id + Math.random(),\n      ...record,\n      userEmail',
    test: tests('test/engines/usage/records.test.ts', 'not doubled'),
  },
  {
    guard: 'only the latest try of a unit is billed',
    file: 'src/adapters/mongo/usage.ts',
    from: '{ $set: { isBilled: false } }',
    to: '{ $set: { isBilled: true } }',
    test: tests('test/engines/usage/records.test.ts', 'one unit are billed once'),
  },
  {
    guard: 'a delivery that is there stays as it is (unique id)',
    file: 'src/adapters/mongo/webhook-deliveries.ts',
    from: '              $setOnInsert: {\n                ...delivery,',
    to: '              $set: {\n                ...delivery,',
    test: tests('test/engines/guards.test.ts', 'sent again'),
  },
  {
    guard: 'what an older run of a delivery reports is void (fencing)',
    file: 'src/adapters/mongo/webhook-deliveries.ts',
    from: '{ ownerId, _id: deliveryId, run, status',
    to: '{ ownerId, _id: deliveryId, ...(run && {}), status',
    test: tests('test/engines/webhooks/delivery-repository.test.ts', 'older run'),
  },
  {
    guard: 'what receivers are owed is written with what it tells of, or not at all (one transaction)',
    file: 'src/adapters/mongo/webhook-outbox.ts',
    from: 'await deliveries.insert(owed, session);',
    to: 'await deliveries.insert(owed);',
    test: tests('test/engines/webhooks/outbox.test.ts', 'or neither is'),
  },
  {
    guard: 'a delivery is begun once, however many begin it (reuse policy)',
    file: 'src/adapters/temporal/delivery-workflows.ts',
    from: 'WorkflowIdReusePolicy.REJECT_DUPLICATE',
    to: 'WorkflowIdReusePolicy.ALLOW_DUPLICATE',
    test: tests('test/engines/webhooks/outbox.test.ts', 'begun once more when'),
  },
  {
    guard: 'a line of a batch has one outcome (unique index)',
    file: 'src/adapters/mongo/batches.ts',
    from: 'outcomeSchema.index({ jobId: 1, line: 1 }, { unique: true });',
    to: 'outcomeSchema.index({ jobId: 1, line: 1 });',
    test: tests('test/engines/batches/outcomes.test.ts', 'said of a line first'),
  },
  {
    guard: 'a result is held before the job ends with it (attach before end)',
    file: 'src/activities/jobs/lifecycle.ts',
    from: 'await blobs.attach(ref.ownerId, bodyBlob.id, reference);',
    to: '',
    test: simulation(50),
  },
  {
    guard: 'a chunk has one name in the index (document:version:chunk)',
    file: 'src/adapters/elasticsearch/write.ts',
    from: 'index: { _id: formatRef(chunk), routing',
    to: 'index: { routing',
    test: tests('test/engines/elasticsearch/chunk-index.test.ts', 'holds a chunk once'),
  },
  {
    guard: 'the death of a worker is no failure of the job (crash allowance)',
    file: 'src/core/queues.ts',
    from: 'export const crashAllowance = 10;',
    to: 'export const crashAllowance = 1;',
    test: simulation(400),
  },
  {
    guard: 'what hangs on a job is told of its end (settling what was missed)',
    file: 'src/activities/jobs/maintenance.ts',
    from: 'await settleMissed(deps, signal);',
    to: '',
    test: simulation(400),
  },
  {
    guard: 'a choice that fails while another is read ends no process',
    file: 'src/activities/chat-choices.ts',
    from: '    arrival.catch(() => undefined);\n',
    to: '',
    test: tests('test/activities/chat-choices.test.ts', 'fails the whole, and nothing else'),
  },
  {
    guard: 'nothing is written behind the end of an event stream',
    file: 'src/api/sse/event-streams.ts',
    from: 'this.#res.writableNeedDrain || this.#res.writableEnded',
    to: 'this.#res.writableNeedDrain',
    test: tests('test/api/sse/event-streams.test.ts', 'nothing is written behind the end'),
  },
  {
    guard: 'an answer that is written leaves before its connection is closed',
    file: 'src/api/answers-under-way.ts',
    from: 'if (![...underWay].some(isLeaving)) closeIdle();',
    to: 'if (![...underWay].some(isLeaving) || true) closeIdle();',
    test: tests('test/api/server.test.ts', 'leaves before its connection is closed'),
  },
];
