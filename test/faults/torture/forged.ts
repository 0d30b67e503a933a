/** Evidence of a run in which all went as it should, and the pieces it is made of, for tests of the judge. */
import { check } from './checker.ts';
import type { FinalState, JobView, StoredEvent, StoredJob, StoredUsage } from './final-state.ts';
import type { Happening, HistoryEntry, OperationKind } from './history.ts';
import { answerTo, tokensPerText, usageOf } from './provider.ts';

/** Each a millisecond after the other unless it says when. */
export type Told = Happening & { at?: number };

export const startedAt = 1_700_000_000_000;
export const answer = (operation: string) => answerTo(operation).join('');

export function jobOf(operation: string, changes: Partial<StoredJob> = {}): StoredJob {
  return {
    id: `job_${operation}`,
    owner: 0,
    status: 'completed',
    run: 1,
    lastSequence: 3,
    createdAt: startedAt,
    completedAt: startedAt + 1_000,
    result: 'a-result',
    errorCode: null,
    idempotencyKey: `key-${operation}`,
    requestId: operation,
    ...changes,
  };
}

export function eventsOf(operation: string, types: readonly string[]): StoredEvent[] {
  return types.map((type, index) => ({
    jobId: `job_${operation}`,
    sequence: index + 2,
    type,
    createdAt: startedAt + index,
    output: type === 'job.output' ? { run: 1, index: 0, delta: answer(operation), events: 5 } : null,
  }));
}

export function viewOf(operation: string, types: readonly string[], changes: Partial<JobView> = {}): JobView {
  const events = ['job.queued', ...types].map((event, index) => ({ sequence: index + 1, event }));
  return {
    jobId: `job_${operation}`,
    getStatus: 200,
    status: 'completed',
    result: 'a-result',
    resultDoor: 'a-result',
    listed: 'completed',
    events,
    ...changes,
  };
}

export function rowOf(operation: string, changes: Partial<StoredUsage> = {}): StoredUsage {
  const { prompt, completion } = usageOf(operation);
  return {
    id: `use_${operation}`,
    requestId: operation,
    endpoint: '/v1/chat/completions',
    isBilled: true,
    status: 200,
    promptTokens: prompt,
    completionTokens: completion,
    estimated: false,
    ...changes,
  };
}

/** When the batch runs, while its vendor cannot be reached: one of its lines is an error. */
const muchLater = startedAt + 100_000;

export function asked(operation: string, changes: Partial<FinalState['provider'][number]> = {}) {
  return { operation, kind: 'chat' as const, at: startedAt + 500, answered: true, ...changes };
}

export function broken(target: string, from: number, to: number, fault = 'down'): Told[] {
  return [
    { type: 'fault', fault, target, phase: 'begin', at: from },
    { type: 'fault', fault, target, phase: 'end', at: to },
  ];
}

export const plain = ['job.started', 'job.completed'];
const streamed = ['job.started', 'job.output', 'job.completed'];
const called = ['job.started', 'job.cancelling', 'job.cancelled'];

/** Some jobs and a call that all went as they should. */
export function soundState(): FinalState {
  const message = (operation: string, status: string) => ({
    owner: 0,
    hook: null,
    id: `evt_${operation}`,
    type: `job.${status}`,
    subject: `job_${operation}`,
    at: startedAt,
    isAccepted: true,
    isSigned: true,
  });
  const cancelled = { status: 'cancelled', lastSequence: 4, result: null } as const;
  return {
    jobs: [
      jobOf('op-0-0'),
      jobOf('op-0-1', { lastSequence: 4 }),
      jobOf('op-0-2', cancelled),
      jobOf('op-0-3'),
      jobOf('op-0-6', { createdAt: muchLater, completedAt: muchLater + 1_000 }),
      jobOf('op-0-9', cancelled),
    ],
    events: [
      ...eventsOf('op-0-0', plain),
      ...eventsOf('op-0-1', streamed),
      ...eventsOf('op-0-2', called),
      ...eventsOf('op-0-3', plain),
      ...eventsOf('op-0-6', plain),
      ...eventsOf('op-0-9', called),
    ],
    usage: [
      rowOf('op-0-0'),
      rowOf('op-0-1'),
      rowOf('op-0-3', { endpoint: '/v1/documents', promptTokens: 2 * tokensPerText, completionTokens: 0 }),
      rowOf('op-0-4'),
      rowOf('op-0-6-l0', { requestId: 'line-0' }),
      rowOf('op-0-8'),
      rowOf('op-0-9-l0', { requestId: 'line-2' }),
    ],
    documents: [{ id: 1, name: 'op-0-3.txt', jobId: 'job_op-0-3', status: 'completed', chunks: 2, indexed: 2 }],
    provider: [
      ...['op-0-0', 'op-0-1', 'op-0-3', 'op-0-4', 'op-0-6-l0', 'op-0-8', 'op-0-9-l0'].map((name) => asked(name)),
      asked('op-0-2', { answered: false }),
    ],
    views: [
      viewOf('op-0-0', plain),
      viewOf('op-0-1', streamed),
      viewOf('op-0-2', called, { status: 'cancelled', listed: 'cancelled', result: null, resultDoor: null }),
      viewOf('op-0-3', plain),
      viewOf('op-0-6', plain),
      viewOf('op-0-8', [], { getStatus: 404, status: null, result: null, resultDoor: null, listed: null, events: [] }),
      viewOf('op-0-9', called, { status: 'cancelled', listed: 'cancelled', result: null, resultDoor: null }),
    ],
    lines: [
      { jobId: 'job_op-0-6', file: 'output', id: 'line-0', customId: 'op-0-6-l0', content: answer('op-0-6-l0') },
      { jobId: 'job_op-0-6', file: 'error', id: 'line-1', customId: 'op-0-6-l1', content: null },
      { jobId: 'job_op-0-9', file: 'output', id: 'line-2', customId: 'op-0-9-l0', content: answer('op-0-9-l0') },
      { jobId: 'job_op-0-9', file: 'error', id: 'line-3', customId: 'op-0-9-l1', content: null },
    ],
    messages: [
      { ...message('op-0-0', 'completed'), isAccepted: false },
      message('op-0-0', 'completed'),
      message('op-0-1', 'completed'),
      { ...message('op-0-1', 'completed'), hook: 'op-0-1' },
      message('op-0-2', 'cancelled'),
      message('op-0-3', 'completed'),
      message('op-0-6', 'completed'),
      message('op-0-8', 'completed'),
      message('op-0-9', 'cancelled'),
    ],
    lists: [
      { owner: 0, jobIds: ['op-0-0', 'op-0-1', 'op-0-2', 'op-0-3', 'op-0-6', 'op-0-9'].map((name) => `job_${name}`) },
    ],
  };
}

export function soundHistory(): Told[] {
  const invoke = (operation: string, kind: OperationKind) => ({ type: 'invoke', operation, kind, owner: 0 }) as const;
  const accepted = (operation: string) => ({ type: 'accepted', operation, jobId: `job_${operation}` }) as const;
  return [
    invoke('op-0-0', 'job'),
    accepted('op-0-0'),
    observed({ status: 'queued', sequence: 1, result: null }),
    observed({}),
    invoke('op-0-1', 'streamed-job'),
    { type: 'hooked', operation: 'op-0-1' },
    accepted('op-0-1'),
    ...['job.queued', ...streamed].map((event, index) => heard(index + 1, event)),
    invoke('op-0-2', 'cancel'),
    accepted('op-0-2'),
    invoke('op-0-3', 'document'),
    accepted('op-0-3'),
    invoke('op-0-6', 'batch'),
    accepted('op-0-6'),
    ...broken('gateway-provider', muchLater + 100, muchLater + 500),
    { type: 'lines', operation: 'op-0-6', marks: ['op-0-6-l0', 'op-0-6-l1'] },
    invoke('op-0-8', 'deleted-job'),
    accepted('op-0-8'),
    { ...heard(1, 'job.queued'), operation: 'op-0-8', jobId: 'job_op-0-8', reader: 'op-0-8/0' },
    { ...heard(2, 'job.started'), operation: 'op-0-8', jobId: 'job_op-0-8', reader: 'op-0-8/0' },
    { type: 'deleted', operation: 'op-0-8', jobId: 'job_op-0-8' },
    invoke('op-0-9', 'cancelled-batch'),
    accepted('op-0-9'),
    { type: 'lines', operation: 'op-0-9', marks: ['op-0-9-l0', 'op-0-9-l1'] },
    invoke('op-0-4', 'call'),
    { type: 'sent', operation: 'op-0-4', to: 'api-1' },
    { type: 'ok', operation: 'op-0-4', data: { text: answer('op-0-4') } },
    invoke('op-0-5', 'foreign'),
    { type: 'ok', operation: 'op-0-5', data: { request: 'GET /v1/jobs/:job', status: 404 } },
  ];
}

export function observed(changes: Partial<Extract<Happening, { type: 'observed' }>>): Happening {
  const seen = { through: 'get', status: 'completed', sequence: 3, result: 'a-result' } as const;
  return { type: 'observed', operation: 'op-0-0', jobId: 'job_op-0-0', ...seen, ...changes };
}

export function heard(sequence: number, event: string): Extract<Happening, { type: 'event' }> {
  return { type: 'event', operation: 'op-0-1', jobId: 'job_op-0-1', reader: 'op-0-1/0', sequence, event };
}

export function away(target: string, from: number, to: number): Told[] {
  return [
    { type: 'away', target, phase: 'begin', at: from },
    { type: 'away', target, phase: 'end', at: to },
  ];
}

export function told(history: readonly Told[]): HistoryEntry[] {
  return history.map((happening, index) => ({ at: startedAt + index, ...happening }));
}

export function verdict(state: FinalState, history: readonly Told[]): string[] {
  return check(told(history), state).violations.map(({ invariant, about, what }) => `${invariant} ${about}: ${what}`);
}
