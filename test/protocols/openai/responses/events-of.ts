import { type ErrorCode, GatewayError } from '../../../../src/core/errors.ts';
import type { RespondPart, ResponseEvent } from '../../../../src/core/response.ts';
import { tell, tellFailure } from '../../../../src/protocols/openai/responses/events.ts';
import type { ResponseRequest } from '../../../../src/protocols/openai/responses/request.ts';
import { beginTelling } from '../../../../src/protocols/openai/responses/telling.ts';

/** What an answer breaks off with. */
export interface Failure {
  code: ErrorCode;
  message: string;
}

/** Everything that is told of these parts, and of the failure after them. */
export function eventsOf(
  body: ResponseRequest,
  parts: readonly RespondPart[],
  failure: Failure | null = null,
): ResponseEvent[] {
  let telling = beginTelling(body);
  const told: unknown[] = [];
  for (const part of parts) {
    const [next, events] = tell(telling, part);
    telling = next;
    told.push(...events.map((event) => event.data));
  }
  if (failure) {
    const [, events] = tellFailure(telling, new GatewayError(failure.code, failure.message));
    told.push(...events.map((event) => event.data));
  }
  return told as ResponseEvent[];
}
