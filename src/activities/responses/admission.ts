import { ownerOf } from '../../core/access.ts';
import type { ChatCall } from '../../core/chat.ts';
import type { RespondCall } from '../../core/response.ts';
import type { Admission } from '../admissions.ts';
import { contextOf, inContext, withReferences } from './context.ts';
import type { StoreDependencies } from './dependencies.ts';
import { createResponseStorage } from './storage.ts';

/** A job is refused at once for what its call would be refused for: the model, its files, what it goes on from. */
export function createRespondAdmission(given: StoreDependencies, chat: Admission<ChatCall>): Admission<RespondCall> {
  const deps = { ...given, storage: createResponseStorage(given) };
  return {
    async admit({ chat: request, wire, ...respond }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const context = await contextOf(deps, ownerId, respond);
      const input = await withReferences(deps, ownerId, respond.input);
      return chat.admit({ request: inContext(request, context, input), wire }, call, null);
    },
  };
}
