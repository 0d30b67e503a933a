import type { VersionKey } from '../../adapters/mongo/chunk-batches.ts';
import type { ExtractionRepository } from '../../adapters/mongo/extractions.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { DocumentPart } from '../../core/document.ts';

interface Dependencies {
  blobs: BlobStore;
  extractions: ExtractionRepository;
}

/** The parts of a document in order, as its extraction stored them: one line of JSON each. */
export async function* storedParts(
  deps: Dependencies,
  ownerId: number,
  { documentId, version }: VersionKey,
): AsyncIterable<DocumentPart> {
  for (const { blob } of await deps.extractions.list(ownerId, documentId, version)) {
    for await (const line of linesOf(deps.blobs.read(ownerId, blob.id))) yield JSON.parse(line) as DocumentPart;
  }
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const utf8 = new TextDecoder('utf-8');
  let pending: string[] = [];
  for await (const chunk of bytes) {
    const [head = '', ...rest] = utf8.decode(chunk, { stream: true }).split('\n');
    pending.push(head);
    for (const piece of rest) {
      yield pending.join('');
      pending = [piece];
    }
  }
}
