import { ownerOf } from '../../core/access.ts';
import type { RespondCall } from '../../core/response.ts';
import type { Admission } from '../admissions.ts';
import { type ChatDependencies, createChatAdmission } from '../chat.ts';
import { contextOf, withReferences } from './context.ts';
import type { StoreDependencies } from './dependencies.ts';
import { createResponseStorage } from './storage.ts';

/** A job is refused at once for what its call would be refused for: the model, and what it goes on from. */
export function createRespondAdmission(
  given: StoreDependencies & Pick<ChatDependencies, 'routers' | 'reasoningSeal'>,
): Admission<RespondCall> {
  const deps = { ...given, storage: createResponseStorage(given) };
  const chat = createChatAdmission(given);
  return {
    async admit({ chat: request, wire, ...respond }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      await contextOf(deps, ownerId, respond);
      await withReferences(deps, ownerId, respond.input);
      return chat.admit({ request, wire }, call, null);
    },
  };
}
