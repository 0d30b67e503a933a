import { anonymous, type Principal } from '../../src/core/access.ts';
import type { Call } from '../../src/core/call.ts';
import { silentLog } from './log.ts';

const ignore = () => undefined;

/** A call like any other, but for what the test says. */
export function buildCall(changes: Partial<Call> = {}): Call {
  return {
    principal: anonymous,
    requestId: 'req_test',
    signal: new AbortController().signal,
    attempt: 1,
    idempotencyKey: 'key_test',
    operation: null,
    progress: ignore,
    served: ignore,
    log: silentLog,
    ...changes,
  };
}

/** A call of an ordinary user who may use router 1. */
export function buildUserCall(principal: Partial<Principal> = {}, changes: Partial<Call> = {}): Call {
  const user: Principal = {
    kind: 'user',
    userId: 7,
    keyId: 3,
    permissions: [],
    limits: [{ router: 1, type: 'rpm', value: null }],
    expired: false,
  };
  return buildCall({ principal: { ...user, ...principal }, ...changes });
}
