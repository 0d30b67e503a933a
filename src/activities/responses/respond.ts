import { createHash } from 'node:crypto';
import { ownerOf } from '../../core/access.ts';
import { jobIdOfLine } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { toGatewayError } from '../../core/errors.ts';
import { jobIdPattern, partOfJobId } from '../../core/job-id.ts';
import {
  type Item,
  idBody,
  type RespondCall,
  type RespondPart,
  responseIdOf,
  type StoredResponse,
} from '../../core/response.ts';
import type { ResponseVerbs } from '../../core/verbs.ts';
import { tell } from '../../protocols/openai/responses/events.ts';
import { keptItems } from '../../protocols/openai/responses/items.ts';
import { replay } from '../../protocols/openai/responses/replay.ts';
import type { ResponseRequest } from '../../protocols/openai/responses/request.ts';
import { beginTelling, responseOf, type Telling } from '../../protocols/openai/responses/telling.ts';
import { assertStorable } from '../conversations/assert-storable.ts';
import { type Context, contextOf, inContext, ownerOfPast, withReferences } from './context.ts';
import type { ResponseDependencies } from './dependencies.ts';
import { chatWithin } from './truncation.ts';

/** An answer that is being made, and what it will be kept with. */
interface Answering {
  /** Without a prefix. */
  id: string;
  /** 0 where nothing is kept and nothing gone on from. */
  ownerId: number;
  isKept: boolean;
  createdAt: number;
  input: readonly Item[];
  context: Context;
  conversationId: string | null;
  telling: Telling;
}

/**
 * Goes on with a conversation that is kept here, and keeps what comes of it. A complete answer is stored before its
 * end is told, so that whoever hears the end can go on from it at once.
 */
export function createRespond(deps: ResponseDependencies): ResponseVerbs['respond'] {
  return async function* respond(request, call) {
    const answering = await prepare(deps, request, call);
    const earlier = await storedBefore(deps, answering, call);
    if (earlier) return yield* replay(earlier);
    const chat = inContext(request.chat, answering.context, answering.input);
    try {
      for await (const part of chatWithin(deps.verbs().chat, { request: chat, wire: request.wire }, request, call)) {
        yield take(answering, part.type === 'start' ? { ...part, ...startOf(answering) } : part);
      }
    } catch (thrown) {
      await storeFailure(deps, answering, thrown, call);
      throw thrown;
    }
    if (answering.telling.start === null) return;
    const at = deps.clock.now();
    await store(deps, answering, responseOf(answering.telling, { completedAt: at }));
    yield { type: 'end', at };
  };
}

async function prepare(deps: ResponseDependencies, request: RespondCall, call: Call): Promise<Answering> {
  const createdAt = deps.clock.now();
  const jobId = lastingIdOf(call) ?? deps.newJobId(createdAt);
  const isKept = request.store ?? call.principal.kind === 'user';
  const ownerId = isKept ? ownerOf(call.principal, 'responses') : ownerOfPast(request, call);
  const context = await contextOf(deps, ownerId, request);
  const input = keptItems(await withReferences(deps, ownerId, request.input), idBody(jobId));
  if (request.conversationId !== null) assertStorable(input, 'input');
  return {
    id: idBody(jobId),
    ownerId,
    isKept,
    createdAt,
    input,
    context,
    conversationId: request.conversationId,
    telling: beginTelling(request.body as ResponseRequest),
  };
}

/**
 * The id of what may be made again and must not be there twice: a run as a job has the job's, a line of a batch one that
 * follows from its own. Null for every other call, which has a new one.
 */
function lastingIdOf({ idempotencyKey }: Call): string | null {
  if (jobIdPattern.test(idempotencyKey)) return idempotencyKey;
  const batch = jobIdOfLine(idempotencyKey);
  return batch && partOfJobId(batch, createHash('sha256').update(idempotencyKey).digest());
}

/** A worker may have stored the answer and died before anybody was told: the model is not asked, nor paid, again. */
async function storedBefore(
  { storage, conversations }: ResponseDependencies,
  { ownerId, isKept, conversationId }: Answering,
  call: Call,
): Promise<StoredResponse | null> {
  const jobId = lastingIdOf(call);
  const earlier = jobId && isKept ? await storage.find(ownerId, responseIdOf(jobId)) : null;
  if (earlier && conversationId !== null) {
    await conversations.append(ownerId, conversationId, [...earlier.input, ...earlier.output]);
  }
  return earlier;
}

function startOf({ id, createdAt, isKept }: Answering) {
  return { id, createdAt, stored: isKept };
}

/** Keeps account of what was told; says it on as it is. */
function take(answering: Answering, part: RespondPart): RespondPart {
  const isNeeded = answering.isKept || answering.conversationId !== null || part.type === 'start';
  if (isNeeded) [answering.telling] = tell(answering.telling, part);
  return part;
}

/** A failure on the way leaves what there was; but a job or a line tries again, and a caller who has left wants nothing. */
async function storeFailure(
  deps: ResponseDependencies,
  answering: Answering,
  thrown: unknown,
  call: Call,
): Promise<void> {
  if (answering.telling.start === null || call.signal.aborted || lastingIdOf(call) !== null) return;
  const { code, publicMessage: message, param, retryable } = toGatewayError(thrown);
  const failed = responseOf(answering.telling, { error: { code, message, param, retryable } });
  await store(deps, { ...answering, conversationId: null }, failed);
}

async function store(
  deps: ResponseDependencies,
  answering: Answering,
  { output: _shown, ...response }: ReturnType<typeof responseOf>,
): Promise<void> {
  const { ownerId, isKept, createdAt, input, context, conversationId, telling } = answering;
  const { output } = telling;
  if (isKept) {
    const expiresAt = createdAt + deps.config.chat.storedRetentionMs;
    const { ancestors } = context;
    await deps.storage.save({ id: response.id, ownerId, createdAt, expiresAt, response, input, output, ancestors });
  }
  if (conversationId !== null) await deps.conversations.append(ownerId, conversationId, [...input, ...output]);
}
