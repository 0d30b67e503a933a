import type { Call } from '../core/call.ts';
import type { ChatRequest } from '../core/chat.ts';
import { createRoom } from '../core/room.ts';
import type { ModelFiles } from './files/model-files.ts';

/** What the files of such calls may hold of one process's memory at once. */
export const maxFileRoomBytes = 128 * 1024 * 1024;

/** The bytes, base64 of them, and that again in the text which is sent. */
export const copiesOfFile = 3.4;

/**
 * Keeps the files that models are shown from filling a worker's memory: lines of batches and jobs run by the dozen, and
 * each may name the largest files there are. Calls that somebody waits for do not stand in line.
 */
export function createFileRoom(files: Pick<ModelFiles, 'check'>) {
  const room = createRoom(maxFileRoomBytes);
  return {
    /** Resolves when there is room for the files that `request` names; the answer gives it back. */
    async enter(request: ChatRequest, call: Call): Promise<() => void> {
      if (!call.inBackground) return () => undefined;
      return room.enter(copiesOfFile * (await files.check(request, call)), call.signal);
    },
  };
}

export type FileRoom = ReturnType<typeof createFileRoom>;
