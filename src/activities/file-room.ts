import type { FileRepository } from '../adapters/mongo/files.ts';
import { ownerOrNobody } from '../core/access.ts';
import type { Call } from '../core/call.ts';
import { namedFilesOf } from '../core/chat/files.ts';
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
export function createFileRoom(deps: { files: Pick<FileRepository, 'find'> }, files: Pick<ModelFiles, 'check'>) {
  const room = createRoom(maxFileRoomBytes);

  async function bytesNamedBy(request: ChatRequest, { principal }: Call): Promise<number> {
    const sizes = new Map<string, number>();
    let bytes = 0;
    for (const { source } of namedFilesOf(request)) {
      const { id } = source;
      const size = sizes.get(id) ?? (await deps.files.find(ownerOrNobody(principal), id))?.blob.bytes ?? 0;
      sizes.set(id, size);
      bytes += size;
    }
    return bytes;
  }

  return {
    /** Resolves when there is room for the files that `request` names; the answer gives it back. */
    async enter(request: ChatRequest, call: Call): Promise<() => void> {
      if (!call.inBackground) return () => undefined;
      // No more files are looked at than a call may name.
      await files.check(request, call);
      return room.enter(copiesOfFile * (await bytesNamedBy(request, call)), call.signal);
    },
  };
}

export type FileRoom = ReturnType<typeof createFileRoom>;
