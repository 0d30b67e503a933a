import { addPart } from './add-part.ts';
import { cancelUpload } from './cancel-upload.ts';
import { completeUpload } from './complete-upload.ts';
import { createUpload } from './create-upload.ts';

/** Files that come in parts. */
export const uploads = [createUpload, addPart, completeUpload, cancelUpload];
