import type { DocumentPart } from '../../core/document.ts';
import { documentReference, type IngestDependencies, type Ingestion } from './ingestion.ts';

const decoder = () => new TextDecoder('utf-8');

/** The parts of a document in order, as its extraction stored them: one line of JSON each. */
export async function* storedParts(deps: IngestDependencies, ingestion: Ingestion): AsyncIterable<DocumentPart> {
  const { job, documentId, version } = ingestion;
  for (const { blob } of await deps.extractions.list(job.ownerId, documentId, version)) {
    for await (const line of linesOf(deps.blobs.read(job.ownerId, blob.id))) yield JSON.parse(line) as DocumentPart;
  }
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const utf8 = decoder();
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

/** Stores the whole Markdown as one blob of the document. */
export async function storeMarkdown(
  deps: IngestDependencies,
  ingestion: Ingestion,
  sections: AsyncIterable<{ text: string; start: number }>,
  signal: AbortSignal,
): Promise<void> {
  const upload = {
    content: encoded(sections),
    mediaType: 'text/markdown; charset=utf-8',
    name: `${ingestion.file.name ?? 'document'}.md`,
    maxBytes: deps.config.documents.maxMarkdownBytes,
  };
  const blob = await deps.blobs.put(ingestion.job.ownerId, upload, signal);
  await deps.blobs.attach(ingestion.job.ownerId, blob.id, documentReference(ingestion.documentId));
}

async function* encoded(sections: AsyncIterable<{ text: string; start: number }>): AsyncIterable<Uint8Array> {
  for await (const { text, start } of sections) yield Buffer.from(start === 0 ? text : `\n\n${text}`);
}
