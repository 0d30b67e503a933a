/** What everything hangs on that is stored for a document: its file and the blocks that were read from it. */
export function documentReference(documentId: number): string {
  return `document:${documentId}`;
}
