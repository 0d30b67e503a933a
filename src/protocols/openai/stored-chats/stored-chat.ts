import { z } from 'zod';
import type { StoredChat } from '../../../core/chat/stored-chat.ts';
import { idPrefix, presentAnswer } from '../chat/answer.ts';
import type { WireAnswer } from '../chat/answer-schema.ts';
import { plain } from '../chat/presentation.ts';

export const completionParams = z.object({ id: z.string().describe('The id of the answer.') });

/** Any text is looked up; one that cannot be an id is answered like a completion that is not there. */
export function toId(id: string): string {
  return id.startsWith(idPrefix) ? id.slice(idPrefix.length) : '';
}

export function presentStoredChat({ answer, metadata }: StoredChat): WireAnswer {
  return { ...presentAnswer(answer, plain), metadata };
}
