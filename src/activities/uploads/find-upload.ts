import type { UploadRepository } from '../../adapters/mongo/uploads.ts';
import { assertThat } from '../../core/errors.ts';
import { statusAt, type Upload } from '../../core/upload.ts';

interface FindDependencies {
  clock: { now(): number };
  uploads: UploadRepository;
}

/** As it is now: one whose time is over has expired. */
export async function findUpload({ clock, uploads }: FindDependencies, ownerId: number, id: string): Promise<Upload> {
  const upload = await uploads.find(ownerId, id);
  assertThat(upload, 'not_found', `No such Upload object: ${id}`, { param: 'upload_id' });
  return { ...upload, status: statusAt(upload, clock.now()) };
}

export function assertPending({ id, status }: Upload, what: string): void {
  assertThat(status === 'pending', 'invalid_request', `The upload ${id} ${what}: it is ${status}.`, {
    param: 'upload_id',
  });
}
