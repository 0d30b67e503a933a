import { createFile } from './create-file.ts';
import { deleteFile } from './delete-file.ts';
import { getFile } from './get-file.ts';
import { listFiles } from './list-files.ts';

/** Files that callers keep here, to name them by id. Their content is answered by a route. */
export const files = [createFile, listFiles, getFile, deleteFile];
