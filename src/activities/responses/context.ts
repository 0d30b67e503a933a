import { ownerOf } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import type { ChatRequest } from '../../core/chat.ts';
import { type ErrorCode, GatewayError } from '../../core/errors.ts';
import { isTerminal } from '../../core/job.ts';
import { type Item, jobIdOf, type NewItem, type RespondCall } from '../../core/response.ts';
import type { ConversationItem } from '../../protocols/openai/responses/input-items.ts';
import { messagesOf } from '../../protocols/openai/responses/messages.ts';
import type { ResponseDependencies } from './dependencies.ts';

type ContextDependencies = Pick<ResponseDependencies, 'storage' | 'conversations' | 'jobs'>;
type Reference = Pick<RespondCall, 'previousResponseId' | 'conversationId'>;

export interface Context {
  /** What was said before, oldest first. */
  items: readonly Item[];
  /** The answers it was said in, oldest first; none of a conversation. */
  ancestors: readonly string[];
}

const nothing: Context = { items: [], ancestors: [] };

/** Whose past a call goes on from; 0 where it has none. Throws for the master key, which owns nothing. */
export function ownerOfPast({ previousResponseId, conversationId, input }: RespondCall, { principal }: Call): number {
  const refers = input.some((item) => item.type === 'item_reference');
  const hasPast = previousResponseId !== null || conversationId !== null || refers;
  return hasPast ? ownerOf(principal, 'responses') : 0;
}

/** What a call goes on from. Throws `not_found`, also for what is somebody else's or was deleted in between. */
export async function contextOf(deps: ContextDependencies, ownerId: number, reference: Reference): Promise<Context> {
  const { previousResponseId, conversationId } = reference;
  if (conversationId !== null) {
    const conversation = await deps.conversations.find(ownerId, conversationId);
    if (!conversation) throw missing(`Conversation ${conversationId} not found.`, 'conversation');
    return { items: await deps.conversations.items(ownerId, conversationId), ancestors: [] };
  }
  return previousResponseId === null ? nothing : contextOfResponse(deps, ownerId, previousResponseId);
}

async function contextOfResponse(deps: ContextDependencies, ownerId: number, id: string): Promise<Context> {
  const previous = await deps.storage.find(ownerId, id);
  if (!previous) throw await notThere(deps, ownerId, id);
  const earlier = await deps.storage.findMany(ownerId, previous.ancestors);
  if (earlier.length < previous.ancestors.length) {
    throw missing(`A response before ${id} has been deleted, so it cannot be gone on from.`, 'previous_response_id');
  }
  const items = [...earlier, previous].flatMap((stored) => [...stored.input, ...stored.output]);
  return { items, ancestors: [...previous.ancestors, id] };
}

/** One that runs in the background can be gone on from when it has ended. */
async function notThere(deps: ContextDependencies, ownerId: number, id: string): Promise<GatewayError> {
  const job = await deps.jobs.find(ownerId, jobIdOf(id));
  if (!job || isTerminal(job.status)) return missing(`Response ${id} not found.`, 'previous_response_id');
  return new GatewayError('conflict', `Response ${id} is ${job.status}; it can be gone on from when it has ended.`, {
    param: 'previous_response_id',
  });
}

/** The input with every `item_reference` replaced by the item it names. Throws `not_found`. */
export async function withReferences(
  deps: ContextDependencies,
  ownerId: number,
  input: readonly NewItem[],
): Promise<NewItem[]> {
  return Promise.all(
    input.map(async (item, index) => {
      if (item.type !== 'item_reference') return item;
      const id = item.id ?? '';
      const stored = await deps.storage.findByItem(ownerId, id);
      const found =
        stored?.output.find((each) => each.id === id) ?? (await deps.conversations.findItemAnywhere(ownerId, id));
      if (!found) throw missing(`Item '${id}' not found.`, `input[${index}].id`);
      return found;
    }),
  );
}

/** What the model is asked: the instructions, then everything that was said before, then what is said now. */
export function inContext(chat: ChatRequest, { items }: Context, input: readonly NewItem[]): ChatRequest {
  // Its declaration has checked every item before it came here.
  const said = [...items, ...input] as ConversationItem[];
  return { ...chat, messages: [...chat.messages, ...messagesOf(said, 'input', items.length)] };
}

function missing(message: string, param: string): GatewayError {
  return new GatewayError('not_found' satisfies ErrorCode, message, { param });
}
