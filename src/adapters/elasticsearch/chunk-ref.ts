/** Names one chunk of one version of a document. */
export interface ChunkRef {
  documentId: number;
  version: number;
  chunkId: number;
}

/** `document:version:chunk`: the id of a chunk in the index. Writing it twice is writing it once. */
export function formatRef({ documentId, version, chunkId }: ChunkRef): string {
  return `${documentId}:${version}:${chunkId}`;
}

export function parseRef(text: string): ChunkRef {
  const [documentId = Number.NaN, version = Number.NaN, chunkId = Number.NaN] = text.split(':').map(Number);
  return { documentId, version, chunkId };
}

export function formatVersion({ documentId, version }: Pick<ChunkRef, 'documentId' | 'version'>): string {
  return `${documentId}:${version}`;
}
