import { createDocument } from './create-document.ts';
import { deleteDocument } from './delete-document.ts';
import { getDocument } from './get-document.ts';
import { listDocuments } from './list-documents.ts';

export const documentEndpoints = [createDocument, listDocuments, getDocument, deleteDocument];
