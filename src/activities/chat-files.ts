import type { Call } from '../core/call.ts';
import { namedFilesOf } from '../core/chat/files.ts';
import type { ChatPart } from '../core/chat/parts.ts';
import type { ChatCall } from '../core/chat.ts';
import type { InferenceVerbs } from '../core/verbs.ts';
import type { Admission } from './admissions.ts';
import type { FileRoom } from './file-room.ts';
import type { ModelFiles } from './files/model-files.ts';

/** `chat` with stored files: they are read when nothing else stands between them and the model. */
export function withFiles(
  { files, room, admission }: { files: ModelFiles; room: FileRoom; admission: Admission<ChatCall> },
  chat: InferenceVerbs['chat'],
): InferenceVerbs['chat'] {
  async function* chatWithFiles(input: ChatCall, call: Call): AsyncGenerator<ChatPart> {
    // Nothing is read for a model that the caller may not use.
    await admission.admit(input, call, null);
    const leave = await room.enter(input.request, call);
    try {
      // Bytes that name our files mean nothing to an upstream.
      yield* chat({ ...input, wire: null, request: await files.shownIn(input.request, call) }, call);
    } finally {
      leave();
    }
  }
  return (input, call) => (namesFiles(input) ? chatWithFiles(input, call) : chat(input, call));
}

/** A job is refused at once for what its call would be refused for. */
export function withFilesAdmission(files: ModelFiles, admission: Admission<ChatCall>): Admission<ChatCall> {
  return {
    ...admission,
    async admit(input, call, previous) {
      await files.check(input.request, call);
      return admission.admit(input, call, previous);
    },
  };
}

function namesFiles({ request }: ChatCall): boolean {
  return namedFilesOf(request).next().done !== true;
}
