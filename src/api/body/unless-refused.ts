import type { BlobRef } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import type { Verbs } from '../../core/verbs.ts';

/** Does what comes before a request is taken. When that refuses it, the files that came with it are not kept. */
export async function unlessRefused<T>(
  files: readonly BlobRef[],
  verbs: Pick<Verbs, 'discardBlob'>,
  call: Call,
  action: () => T | Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    await discardFiles(files, verbs, call);
    throw error;
  }
}

/** Never throws: the caller is told of the first fault, and what could not be discarded is swept later. */
export async function discardFiles(
  files: readonly BlobRef[],
  verbs: Pick<Verbs, 'discardBlob'>,
  call: Call,
): Promise<void> {
  for (const { id } of files) {
    try {
      await verbs.discardBlob({ id }, call);
    } catch (error) {
      call.log.warn({ err: error, blobId: id }, 'refused upload not discarded; the sweep will');
    }
  }
}
